using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>Runs alone: what other tests allocate or free would count as the index's.</summary>
[Collection(nameof(WholeHeap))]
public sealed class InterestIndexMemoryTests
{
    [Fact]
    public void Add_TenThousandListsOfFifty_TakesNoMoreThan34BytesAMembership()
    {
        const int Lists = 10_000,
            Subjects = 50;
        var index = new InterestIndex([]);
        var ids = Enumerable.Range(0, 5_000).Select(_ => new SubjectId(Guid.NewGuid())).ToArray();
        var random = new Random(7);
        var lists = Enumerable
            .Range(0, Lists)
            .Select(_ => new WatchList("connection", default, limit: 1000, index, outbox: null))
            .ToArray();
        var before = Churn.Heap();

        foreach (var list in lists)
        {
            list.Add(random.GetItems(ids, Subjects));
        }

        var memberships = lists.Sum(list => (long)list.Subjects.Count);
        var held = Churn.Heap() - before;
        GC.KeepAlive(lists);
        Assert.InRange((double)held / memberships, 1, 34);
    }
}
