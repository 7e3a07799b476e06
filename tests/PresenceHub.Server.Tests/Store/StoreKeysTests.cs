using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Store;

public sealed class StoreKeysTests
{
    private readonly StoreKeys _keys = new(new RedisNames(), Options.Create(new StoreOptions()));

    [Theory]
    [InlineData("11111111-1111-1111-1111-111111111111", 5)]
    [InlineData("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", 5)]
    [InlineData("00000000-0000-0000-0000-000000000000", 5)]
    public void PartitionOf_Subject_NeverChanges(string subject, int partition) =>
        Assert.Equal(partition, _keys.PartitionOf(new SubjectId(Guid.Parse(subject))));

    [Fact]
    public void PartitionOf_ManySubjects_SpreadEvenly()
    {
        var random = new Random(1);
        var bytes = new byte[16];
        var counts = new int[16];
        for (var i = 0; i < 16_000; i++)
        {
            random.NextBytes(bytes);
            counts[_keys.PartitionOf(new SubjectId(new Guid(bytes)))]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }

    [Fact]
    public void Keys_OfOnePartition_ShareItsHashTag()
    {
        Assert.Equal("{ph:03}:meta", _keys.Meta(3).ToString());
        Assert.Equal("{ph:03}:changes", _keys.Changes(3));
        Assert.StartsWith("{ph:03}:subject:", _keys.Subject(3, default).ToString(), StringComparison.Ordinal);
    }
}
