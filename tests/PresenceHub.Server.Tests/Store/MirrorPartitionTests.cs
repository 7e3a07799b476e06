using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.Store;

public sealed class MirrorPartitionTests
{
    private readonly List<StoredEntry> _changed = [];
    private readonly MirrorPartition _partition;

    public MirrorPartitionTests()
    {
        _partition = new MirrorPartition(_changed.AddRange);
        _partition.Track([Ada]);
        _partition.Relist([Ada], Listing(epoch: 100, offset: 5, Of(Ada, "Available", 100, 10)), staleBefore: 0);
        _changed.Clear();
    }

    [Fact]
    public void TryFollow_NextOffset_IsTakenAndReported()
    {
        var busy = Of(Ada, "Busy", 100, 11);

        Assert.True(_partition.TryFollow(Message(100, 6, busy)));

        Assert.Equal(busy, Assert.Single(_changed));
        Assert.Equal(6, _partition.Position.Offset);
        Assert.True(_partition.IsFollowing);
    }

    [Fact]
    public void TryFollow_OffsetSkipped_AsksForAListingAndStillTakesTheEntry()
    {
        Assert.False(_partition.TryFollow(Message(100, 7, Of(Ada, "Busy", 100, 11))));

        Assert.False(_partition.IsFollowing);
        Assert.Equal("Busy", Assert.Single(_changed).Availability);
        Assert.Equal(5, _partition.Position.Offset);
    }

    [Fact]
    public void TryFollow_RepeatedOffset_ChangesNothing()
    {
        _partition.TryFollow(Message(100, 6, Of(Ada, "Busy", 100, 11)));
        _changed.Clear();

        Assert.True(_partition.TryFollow(Message(100, 6, Of(Ada, "Busy", 100, 11))));

        Assert.Empty(_changed);
        Assert.True(_partition.IsFollowing);
    }

    [Fact]
    public void TryFollow_OlderRevision_IsNotShown()
    {
        _partition.TryFollow(Message(100, 6, Of(Ada, "Away", 100, 9)));

        Assert.Empty(_changed);
    }

    [Fact]
    public void TryFollow_LaterEpoch_AsksForAListing() =>
        Assert.False(_partition.TryFollow(Message(200, 1, Of(Ada, "Busy", 200, 201))));

    [Fact]
    public void TryFollow_EarlierEpoch_IsIgnored()
    {
        Assert.True(_partition.TryFollow(Message(50, 6, Of(Ada, "Busy", 50, 999))));

        Assert.Empty(_changed);
        Assert.True(_partition.IsFollowing);
    }

    [Fact]
    public void TryFollow_SubjectNobodyWatches_IsNotReported()
    {
        _partition.TryFollow(Message(100, 6, Of(Ben, "Busy", 100, 11)));

        Assert.Empty(_changed);
        Assert.Equal(6, _partition.Position.Offset);
    }

    [Fact]
    public void TryFollow_OnlyObservedAtMoved_IsNotReportedButHeld()
    {
        _partition.TryFollow(
            Message(100, 6, Of(Ada, "Available", 100, 10, observedAt: 1_000) with { ObservedAt = 2_000 })
        );

        Assert.Empty(_changed);
        Assert.Equal(2_000, _partition.Held([Ada])[0]!.ObservedAt);
    }

    [Fact]
    public void Relist_AfterAGap_FollowsFromTheListing()
    {
        _partition.TryFollow(Message(100, 8, Of(Ada, "Busy", 100, 11)));

        Assert.False(_partition.Relist([Ada], Listing(100, 9, Of(Ada, "Away", 100, 12)), staleBefore: 0));

        Assert.True(_partition.IsFollowing);
        Assert.True(_partition.TryFollow(Message(100, 10, Of(Ada, "Busy", 100, 13))));
        Assert.Equal(["Busy", "Away", "Busy"], _changed.Select(entry => entry.Availability));
    }

    [Fact]
    public void Relist_OtherEpochWithAnOlderRevision_WinsAndIsReported()
    {
        Assert.True(_partition.Relist([Ada], Listing(200, 0, Of(Ada, "Away", 200, 9)), staleBefore: 0));

        Assert.Equal(("Away", 200, 9), (_changed[0].Availability, _changed[0].Epoch, _changed[0].Revision));
    }

    [Fact]
    public void Relist_OtherEpochWithTheSameRevision_IsReportedSinceAClientMayHoldTheLostOne()
    {
        _partition.Relist([Ada], Listing(200, 0, Of(Ada, "Available", 200, 10)), staleBefore: 0);

        Assert.Equal(200, Assert.Single(_changed).Epoch);
    }

    [Fact]
    public void Relist_EarlierEpoch_IsIgnored()
    {
        _partition.MarkOutOfSync();

        Assert.False(_partition.Relist([Ada], Listing(50, 0, Of(Ada, "Away", 50, 99)), staleBefore: 0));

        Assert.False(_partition.IsFollowing);
        Assert.Empty(_changed);
    }

    [Fact]
    public void Relist_EntryLostByTheStore_StaysAsStaleAndNeverTurnsOffline()
    {
        _partition.Relist([Ada], Listing(200, 0, [null]), staleBefore: 0);

        var shown = Assert.Single(_changed).ToContract();
        Assert.Equal(("Available", "stale"), (shown.Availability, shown.Freshness));
    }

    [Fact]
    public void Relist_EntryLostByTheStore_IsMarkedInTheEpochOfTheListing()
    {
        _partition.Relist([Ada], Listing(200, 0, [null]), staleBefore: 0);

        Assert.Equal((200, 10), (_changed[0].Epoch, _changed[0].Revision));
    }

    [Fact]
    public void Relist_LostEntryOfALaterRevisionThanTheNewClock_GivesWayToWhatIsWrittenNext()
    {
        _partition.TryFollow(Message(100, 6, Of(Ada, "Away", 100, 999)));
        _partition.Relist([Ada], Listing(200, 0, [null]), staleBefore: 0);

        _partition.TryFollow(Message(200, 1, Of(Ada, "Busy", 200, 201)));

        Assert.Equal("Busy", _partition.Held([Ada])[0]!.Availability);
    }

    [Fact]
    public void Relist_SubjectTrackedWhileItWasOnItsWay_IsDueUntilReadAgain()
    {
        _partition.Track([Ben]);
        _partition.TakeReading([Ben], Listing(100, 5, Of(Ben, "Available", 100, 9)), staleBefore: 0);
        _partition.Relist([Ada], Listing(100, 6, Of(Ada, "Available", 100, 10)), staleBefore: 0);

        Assert.Equal([Ben], _partition.DueForReading(staleBefore: 0));
        _partition.TakeReading([Ben], Listing(100, 5, Of(Ben, "Available", 100, 9)), staleBefore: 0);
        Assert.Equal([Ben], _partition.DueForReading(staleBefore: 0));
        _partition.TakeReading([Ben], Listing(100, 6, Of(Ben, "Busy", 100, 11)), staleBefore: 0);

        Assert.Equal("Busy", _changed[^1].Availability);
        Assert.Empty(_partition.DueForReading(staleBefore: 0));
    }

    [Fact]
    public void Relist_SlowerThanAMessage_DoesNotGoBack()
    {
        _partition.MarkOutOfSync();
        _partition.TryFollow(Message(100, 6, Of(Ada, "Busy", 100, 11)));

        _partition.Relist([Ada], Listing(100, 5, Of(Ada, "Available", 100, 10)), staleBefore: 0);

        Assert.Equal("Busy", _partition.Held([Ada])[0]!.Availability);
    }

    [Fact]
    public void TakeReading_NotConfirmedInTime_IsReportedStaleOnce()
    {
        var reading = Listing(100, 5, Of(Ada, "Available", 100, 10, observedAt: 1_000));

        Assert.Equal([Ada], _partition.DueForReading(staleBefore: 1_001));
        _partition.TakeReading([Ada], reading, staleBefore: 1_001);
        _partition.TakeReading([Ada], reading, staleBefore: 1_001);

        Assert.True(Assert.Single(_changed).IsStale);
        Assert.Empty(_partition.DueForReading(staleBefore: 1_001));
    }

    [Fact]
    public void TakeReading_ConfirmedMeanwhile_StaysLive()
    {
        var confirmed = Of(Ada, "Available", 100, 10, observedAt: 1_000) with { ObservedAt = 5_000 };

        _partition.TakeReading([Ada], Listing(100, 5, confirmed), staleBefore: 1_001);

        Assert.Empty(_changed);
        Assert.Empty(_partition.DueForReading(staleBefore: 1_001));
    }

    [Fact]
    public void TakeReading_EarlierThanAConfirmationAlreadySeen_DoesNotTurnStale()
    {
        _partition.TryFollow(
            Message(100, 6, Of(Ada, "Available", 100, 10, observedAt: 1_000) with { ObservedAt = 9_000 })
        );

        _partition.TakeReading(
            [Ada],
            Listing(100, 5, Of(Ada, "Available", 100, 10, observedAt: 1_000)),
            staleBefore: 5_000
        );

        Assert.True(_partition.Held([Ada])[0]!.IsLive);
    }

    [Fact]
    public void TakeReading_OfBeforeTheFirstWrite_SaysNothingOfTheEntry()
    {
        _partition.Track([Ben]);
        _partition.TryFollow(Message(100, 6, Of(Ben, "Busy", 100, 107)));

        _partition.TakeReading([Ben], Listing(100, 5, [null]), staleBefore: 0);

        Assert.True(_partition.Held([Ben])[0]!.IsLive);
    }

    [Fact]
    public void TakeReading_LaterEpoch_AsksForAListing()
    {
        _partition.TakeReading([Ada], Listing(200, 0, Of(Ada, "Away", 200, 9)), staleBefore: 0);

        Assert.False(_partition.IsFollowing);
    }

    [Fact]
    public void MarkAllStale_LiveEntries_AreReportedStaleAndComeBackWithTheListing()
    {
        _partition.MarkAllStale();
        Assert.True(Assert.Single(_changed).IsStale);

        _partition.Relist([Ada], Listing(100, 5, Of(Ada, "Available", 100, 10)), staleBefore: 0);

        Assert.True(_changed[1].IsLive);
    }

    [Fact]
    public void Untrack_ByTheLastTracker_ForgetsTheSubject()
    {
        _partition.Track([Ada]);
        _partition.Untrack([Ada]);
        Assert.NotNull(_partition.Held([Ada])[0]);

        _partition.Untrack([Ada]);

        Assert.Null(_partition.Held([Ada])[0]);
        Assert.Empty(_partition.Tracked);
    }

    [Fact]
    public void HasReached_OutOfSync_IsFalseUntilListed()
    {
        var position = _partition.Position;
        Assert.True(_partition.HasReached(position));

        _partition.MarkOutOfSync();

        Assert.False(_partition.HasReached(position));
    }
}
