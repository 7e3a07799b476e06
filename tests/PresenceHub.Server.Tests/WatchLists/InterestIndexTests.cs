using CsCheck;
using PresenceHub.Contracts;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class InterestIndexTests
{
    private readonly Union _union = new();
    private readonly InterestIndex _index;

    public InterestIndexTests() => _index = new InterestIndex([_union]);

    [Fact]
    public void Index_RandomJoinsAndLeaves_EqualsSets() =>
        Gen.Int[0, 39]
            .Select(Gen.Int[0, 59], Gen.Int[0, 9])
            .Array[1, 600]
            .Sample(
                steps =>
                {
                    var union = new Union();
                    var index = new InterestIndex([union]);
                    var ids = Enumerable
                        .Range(0, 60)
                        .Select(i => new SubjectId(new Guid(i, 0, 0, new byte[8])))
                        .ToArray();
                    var lists = Enumerable.Range(0, 40).Select(i => List(index, limit: 50)).ToArray();
                    var expected = lists.Select(_ => new HashSet<SubjectId>()).ToArray();
                    foreach (var (list, subject, action) in steps)
                    {
                        SubjectId[] range = [.. ids.Skip(subject).Take(action)];
                        if (action is 0)
                        {
                            lists[list].Close();
                            lists[list] = List(index, limit: 50);
                            expected[list].Clear();
                        }
                        else if (action % 3 is 0)
                        {
                            lists[list].Remove(range);
                            expected[list].ExceptWith(range);
                        }
                        else
                        {
                            lists[list].Add(range);
                            foreach (var id in range.Where(_ => expected[list].Count < 50))
                            {
                                expected[list].Add(id);
                            }
                        }
                    }

                    return lists.Zip(expected).All(pair => pair.First.Subjects.SetEquals(pair.Second))
                        && union.Watched.SetEquals(expected.SelectMany(set => set))
                        && index.Count == union.Watched.Count
                        && ids.All(id =>
                            WatchersOf(index, id).SetEquals(lists.Where((_, i) => expected[i].Contains(id)))
                        );
                },
                iter: 300
            );

    [Fact]
    public void Add_TwentyThousandWatchersOfOneSubject_CostsEachTheSameMemory()
    {
        const int Watchers = 20_000;
        var subject = new SubjectId(Guid.NewGuid());
        var lists = Enumerable.Range(0, Watchers).Select(_ => List(_index, limit: 10)).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Array.ForEach(lists, list => list.Add([subject]));
        Array.ForEach(lists, list => list.Remove([subject]));

        // Copying the watchers for each of them would allocate 3 GB.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Watchers, 0, 1024);
        Assert.Equal(0, _index.Count);
    }

    [Fact]
    public void Announce_SeveralLists_ToldOnceAndOnlyOfWhatTheListHolds()
    {
        var (ada, ben) = (new SubjectId(Guid.NewGuid()), new SubjectId(Guid.NewGuid()));
        var (first, second) = (List(_index, limit: 10), List(_index, limit: 10));
        first.Add([ada]);
        second.Add([ada, ben]);

        first.Announce([ada, ben]);
        second.Announce([ada]);
        first.Close();

        Assert.Equal([ada], _union.Announced);
        Assert.Equal(1, _index.CountNotAnnounced([ada, ben]));
        second.Close();
        Assert.Equal(2, _index.CountNotAnnounced([ada, ben]));
    }

    private static HashSet<WatchList> WatchersOf(InterestIndex index, SubjectId subject)
    {
        var buffer = new WatchList[1];
        var count = index.CopyWatchers(subject, ref buffer);
        var watchers = buffer.Take(count).ToHashSet();
        Assert.Equal(count, watchers.Count);
        return watchers;
    }

    private static WatchList List(InterestIndex index, int limit) =>
        new("connection", default, limit, index, outbox: null);

    private sealed class Union : IInterestObserver
    {
        public HashSet<SubjectId> Watched { get; } = [];

        public List<SubjectId> Announced { get; } = [];

        public void Added(IReadOnlyList<SubjectId> subjects) =>
            Assert.All(subjects, subject => Assert.True(Watched.Add(subject)));

        void IInterestObserver.Announced(IReadOnlyList<SubjectId> subjects) => Announced.AddRange(subjects);

        public void Removed(IReadOnlyList<SubjectId> subjects) =>
            Assert.All(subjects, subject => Assert.True(Watched.Remove(subject)));
    }
}
