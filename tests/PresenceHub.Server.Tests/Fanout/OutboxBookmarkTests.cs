using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Fanout;

/// <summary>Which cursor the outbox promises, and when it sends it.</summary>
public sealed class OutboxBookmarkTests
{
    private static readonly TimeSpan BookmarkPeriod = TimeSpan.FromSeconds(10);

    private readonly OutboxBench _bench = new();

    [Fact]
    public void Promise_WithEntriesWaiting_HoldsOnlyAfterTheyAreSent()
    {
        _bench.Mark(Of(Ada, "Busy", 100, 1));
        _bench.Outbox.Promise(new Cursor(1, 50), BookmarkPeriod);
        Assert.Equal(new Cursor(1, 1), _bench.Outbox.Cursor);

        _bench.FlushReady();

        Assert.Equal(new Cursor(1, 50), _bench.Outbox.Cursor);
    }

    [Fact]
    public void Promise_NothingWaiting_HoldsAtOnceAndSendsNothing()
    {
        _bench.Time.Advance(BookmarkPeriod);

        _bench.Outbox.Promise(new Cursor(1, 50), BookmarkPeriod);

        Assert.False(_bench.Ready.TryTake(out _));
        Assert.Equal(new Cursor(1, 50), _bench.Outbox.Cursor);
    }

    [Fact]
    public void Promise_AfterChangesWereSent_IsBookmarkedOncePerPeriod()
    {
        _bench.Mark(Of(Ada, "Busy", 100, 1));
        _bench.FlushReady();
        _bench.Outbox.Promise(new Cursor(1, 50), BookmarkPeriod);
        Assert.False(_bench.Ready.TryTake(out _));

        _bench.Time.Advance(BookmarkPeriod);
        _bench.Outbox.Promise(new Cursor(1, 60), BookmarkPeriod);
        _bench.FlushReady();

        Assert.Contains(
            """{"type":1,"target":"Bookmark","arguments":["1-60"]}""",
            _bench.Sent[^1],
            StringComparison.Ordinal
        );
        _bench.Time.Advance(BookmarkPeriod);
        _bench.Outbox.Promise(new Cursor(1, 70), BookmarkPeriod);
        Assert.False(_bench.Ready.TryTake(out _));
    }

    [Fact]
    public void Promise_ChangesArriveBeforeTheBookmark_AreSentFirst()
    {
        _bench.Mark(Of(Ada, "Busy", 100, 1));
        _bench.FlushReady();
        _bench.Time.Advance(BookmarkPeriod);
        _bench.Outbox.Promise(new Cursor(1, 60), BookmarkPeriod);
        _bench.Mark(Of(Ada, "Away", 100, 2));

        _bench.FlushReady();

        Assert.Contains("Away", _bench.Sent[1], StringComparison.Ordinal);
    }
}
