using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

public sealed class PendingEntriesTests
{
    [Fact]
    public void Add_EndlessChangesThatNobodyTakes_HoldsTwiceTheSubjectsAtMost()
    {
        var ids = Enumerable.Range(0, 100).Select(_ => new SubjectId(Guid.NewGuid())).ToArray();
        var pending = new PendingEntries();
        for (var revision = 1; revision <= 500; revision++)
        {
            foreach (var id in ids.Skip(revision % 50))
            {
                pending.Add(new EntryFragment(Of(id, "Busy", 100, revision)), revision);
                Assert.InRange(pending.Capacity, 1, 4 * ids.Length);
            }
        }

        Assert.Equal(ids.Length, pending.Count);
    }
}
