using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Store;

public sealed class PartitionGroupsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(2_000)]
    public void Groups_HoldEverySubjectOnceInItsPartition(int count)
    {
        var keys = new StoreKeys(new RedisNames(), Options.Create(new StoreOptions()));
        SubjectId[] subjects = [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

        var groups = new PartitionGroups(subjects, keys);

        var seen = new List<int>();
        for (var partition = 0; partition < keys.Partitions; partition++)
        {
            var indexes = groups.Indexes[groups[partition]].ToArray();
            Assert.Equal(indexes.Select(index => subjects[index]), groups.Subjects[groups[partition]].ToArray());
            Assert.All(indexes, index => Assert.Equal(partition, keys.PartitionOf(subjects[index])));
            seen.AddRange(indexes);
        }

        Assert.Equal(Enumerable.Range(0, count), seen.Order());
    }
}
