using Microsoft.Extensions.Time.Testing;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class WatchBookTests : IDisposable
{
    private readonly WatchBook _book = new(TimeSpan.FromSeconds(10), 1_000, new FakeTimeProvider());

    [Fact]
    public void Push_AnyOrder_EndsInTheSameView()
    {
        PresenceEntry[] entries =
        [
            Wire.Entry(Wire.A, 5, epoch: 1),
            Wire.Entry(Wire.A, 9, epoch: 1),
            Wire.Entry(Wire.A, 2, epoch: 2),
            Wire.Entry(Wire.B, 1),
            Wire.Entry(Wire.B, 2),
        ];
        foreach (var order in Permutations(entries))
        {
            using var book = new WatchBook(TimeSpan.FromSeconds(10), 1_000, new FakeTimeProvider());
            book.Watch([Wire.A, Wire.B]);
            book.OpenLink(1);
            foreach (var entry in order)
            {
                book.Push(1, [entry]);
            }

            Assert.Equal(entries[2], book.View.Find(Wire.A));
            Assert.Equal(entries[4], book.View.Find(Wire.B));
        }
    }

    [Fact]
    public void Push_EqualRevision_Replaces()
    {
        Open(Wire.A);
        _book.Push(1, [Wire.Entry(Wire.A, 1)]);
        _book.Push(1, [Wire.Entry(Wire.A, 1, Freshness.Stale)]);
        Assert.Equal(Freshness.Stale, _book.View.Find(Wire.A)?.Freshness);
    }

    [Fact]
    public void Push_NeverObservedInALaterEpoch_KeepsWhatIsKnownAsStale()
    {
        Open(Wire.A);
        _book.Push(1, [Wire.Entry(Wire.A, 5)]);

        _book.Push(1, [Wire.Entry(Wire.A, 0, Freshness.Unknown, epoch: 2)]);
        Assert.Equal(Wire.Entry(Wire.A, 0, Freshness.Stale, epoch: 2), _book.View.Find(Wire.A));
        _book.Push(1, [Wire.Entry(Wire.A, 3, epoch: 2)]);
        Assert.Equal(Wire.Entry(Wire.A, 3, epoch: 2), _book.View.Find(Wire.A));

        _book.Push(1, [Wire.Entry(Wire.A, 4, Freshness.Unknown, epoch: 2)]);
        Assert.Equal(Freshness.Unknown, _book.View.Find(Wire.A)?.Freshness);
    }

    [Fact]
    public void Push_NotWatched_IsIgnored()
    {
        Open(Wire.A);
        _book.Push(1, [Wire.Entry(Wire.B, 1)]);
        Assert.Empty(_book.View.Snapshot());
    }

    [Fact]
    public void Push_FromAnEarlierLink_IsIgnored()
    {
        Open(Wire.A);
        _book.CloseLink();
        _book.OpenLink(2);
        _book.Push(1, [Wire.Entry(Wire.A, 1)]);
        Assert.Empty(_book.View.Snapshot());
    }

    [Fact]
    public void Find_AnyCase_Finds()
    {
        Open(Wire.A.ToUpperInvariant());
        _book.Push(1, [Wire.Entry(Wire.A, 1)]);
        Assert.NotNull(_book.View.Find(Wire.A.ToUpperInvariant()));
        Assert.True(_book.View.Snapshot().ContainsKey(Wire.A.ToUpperInvariant()));
    }

    [Fact]
    public void Answer_OvertakenPushOfTheSameRevision_KeepsThePush()
    {
        Open(Wire.A);
        var batch = _book.TakeFresh()!;
        _book.Push(1, [Wire.Entry(Wire.A, 1, Freshness.Stale)]);
        _book.Answer(batch, Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        Assert.Equal(Freshness.Stale, _book.View.Find(Wire.A)?.Freshness);
    }

    [Fact]
    public void Answer_OlderThanAPush_KeepsThePush()
    {
        Open(Wire.A);
        var batch = _book.TakeFresh()!;
        _book.Push(1, [Wire.Entry(Wire.A, 2)]);
        _book.Answer(batch, Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        Assert.Equal(2, _book.View.Find(Wire.A)?.Revision);
    }

    [Fact]
    public void Answer_ToAnEarlierTermOfWatching_DoesNotCoverTheNewOne()
    {
        Open(Wire.A);
        var early = _book.TakeFresh()!;
        _book.Unwatch([Wire.A]);
        _book.Watch([Wire.A]);
        _book.Answer(early, Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        Assert.Empty(_book.View.Snapshot());
        Assert.Equal(Wire.A, Assert.Single(_book.TakeFresh()!.Subjects).Id);
    }

    [Fact]
    public void OpenLink_SubjectOnlyPushed_IsAskedForWithoutCursor()
    {
        Open(Wire.A);
        _book.Answer(_book.TakeFresh()!, Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        _book.Watch([Wire.B]);
        _book.Push(1, [Wire.Entry(Wire.B, 1)]);
        _book.CloseLink();
        _book.OpenLink(2);

        var resume = _book.TakeResume()!.ToRequest();
        Assert.Equal([Wire.A], resume.Ids);
        Assert.Equal("c1", resume.Cursor);
        Assert.Null(_book.TakeResume());
        var fresh = _book.TakeFresh()!.ToRequest();
        Assert.Equal([Wire.B], fresh.Ids);
        Assert.Null(fresh.Cursor);
    }

    [Fact]
    public void Watch_SubjectThatWaitsToBeUnwatched_IsNotUnwatched()
    {
        Open(Wire.A);
        _book.Answer(_book.TakeFresh()!, Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        var unwatching = _book.Unwatch([Wire.A]);
        _book.Watch([Wire.A]);
        Assert.Null(_book.TakeUnwatch());
        Assert.True(unwatching.IsCompletedSuccessfully);
        Assert.Equal(Wire.A, Assert.Single(_book.TakeFresh()!.Subjects).Id);
    }

    [Fact]
    public void Unwatch_EndlessChurnWithAReaderThatNeverReads_HoldsOnlyTheWatchList()
    {
        Open();
        using var reader = _book.View.OpenReader(new Signal());
        for (var number = 0; number < 1_000; number++)
        {
            _book.Watch([Wire.Id(number)]);
            _book.Push(1, [Wire.Entry(Wire.Id(number), 1)]);
            _book.Unwatch([Wire.Id(number)]);
        }

        Assert.False(reader.TryTake(out _));
    }

    public void Dispose() => _book.Dispose();

    private void Open(params string[] ids)
    {
        _book.Watch(ids);
        _book.OpenLink(1);
        Assert.Null(_book.TakeResume());
        _book.CompleteResume();
    }

    private static IEnumerable<PresenceEntry[]> Permutations(PresenceEntry[] entries) =>
        entries.Length == 0
            ?
            [
                [],
            ]
            : entries.SelectMany(first =>
                Permutations([.. entries.Where(entry => entry != first)])
                    .Select(rest => (PresenceEntry[])[first, .. rest])
            );
}
