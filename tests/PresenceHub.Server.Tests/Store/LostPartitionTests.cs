using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Store;

/// <summary>Some partitions of the store are away, as when a Redis Cluster loses a shard; the others answer.</summary>
public sealed class LostPartitionTests : IDisposable
{
    private const int Lost = 1,
        Living = 2;
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(8);

    private readonly FollowerBench _bench = new();
    private readonly SubjectId _lost;
    private readonly SubjectId _living;

    public LostPartitionTests() => (_lost, _living) = (_bench.SubjectOf(Lost), _bench.SubjectOf(Living));

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task CheckOnceAsync_OnePartitionAway_MarksItsEntriesStaleAndNoOthers()
    {
        await FollowAsync();

        _bench.Away.Add(Lost);
        await _bench.CheckForAsync(LongEnough);

        Assert.True(_bench.Held(_lost)!.IsStale);
        Assert.True(_bench.Held(_living)!.IsLive);
        Assert.Equal([_lost], _bench.Changes.Select(entry => entry.Subject));
        Assert.Equal("1 of 4 partitions are not in sync: no answer", _bench.Follower.Failure);
        Assert.True(_bench.Follower.IsPartlyInSync);
        Assert.True(_bench.Follower.IsInSync(Living));
        Assert.False(_bench.Follower.IsInSync(Lost));
    }

    [Fact]
    public async Task CheckOnceAsync_AllPartitionsAway_SaysThatNothingIsInSync()
    {
        await FollowAsync();

        _bench.Away.UnionWith([0, 1, 2, 3]);
        await _bench.CheckForAsync(LongEnough);

        Assert.Equal("no answer", _bench.Follower.Failure);
        Assert.False(_bench.Follower.IsPartlyInSync);
        Assert.True(_bench.Held(_lost)!.IsStale);
        Assert.True(_bench.Held(_living)!.IsStale);
    }

    [Fact]
    public async Task CheckOnceAsync_OnePartitionAway_FindsWhatTheOthersMissed()
    {
        await FollowAsync();
        _bench.Away.Add(Lost);
        await _bench.CheckForAsync(LongEnough);

        _bench.Announce = (_, _) => { };
        await _bench.WriteAsync("Away", _living);
        await _bench.CheckForAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(("Away", true), (_bench.Held(_living)!.Availability, _bench.Held(_living)!.IsLive));
    }

    [Fact]
    public async Task CheckOnceAsync_PartitionBack_IsLiveAgainWithWhatChangedMeanwhile()
    {
        await FollowAsync();
        _bench.Away.Add(Lost);
        await _bench.CheckForAsync(LongEnough);

        _bench.Away.Clear();
        _bench.Announce = (_, _) => { };
        await _bench.WriteAsync("Away", _lost);
        await _bench.CheckForAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(("Away", true), (_bench.Held(_lost)!.Availability, _bench.Held(_lost)!.IsLive));
        Assert.Null(_bench.Follower.Failure);
        Assert.Equal(["Mirror in sync", "Mirror in sync"], _bench.Logger.Lines.Where(line => line == "Mirror in sync"));
        Assert.Single(_bench.Logger.Lines, line =>
            line.StartsWith("1 of 4 partitions cannot be reached (no answer)", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task CheckOnceAsync_PartitionAwaySinceTheStart_LeavesTheOthersInSync()
    {
        _bench.Mirror.Track([_lost, _living]);
        await _bench.WriteAsync("Busy", _lost, _living);
        _bench.Away.Add(Lost);

        await _bench.CheckForAsync(TimeSpan.FromSeconds(1));

        Assert.True(_bench.Held(_living)!.IsLive);
        Assert.True(_bench.Follower.HasBeenInSync);
        Assert.Equal("1 of 4 partitions are not in sync: not listed yet", _bench.Follower.Failure);
    }

    [Fact]
    public async Task Advance_PartitionLost_PromisesNothingUntilItIsBack()
    {
        await FollowAsync();
        var promised = _bench.Mirror.Cursor;
        var moved = new List<Cursor>();
        _bench.Mirror.Positioned += moved.Add;

        _bench.Away.Add(Lost);
        await _bench.CheckForAsync(LongEnough);

        Assert.Empty(moved);
        Assert.Equal(Cursor.Start, _bench.Mirror.Cursor);

        _bench.Away.Clear();
        await _bench.CheckForAsync(TimeSpan.FromSeconds(3));
        Assert.True(_bench.Mirror.Cursor.Time > promised.Time);
        Assert.Equal(_bench.Mirror.Cursor, moved[^1]);
    }

    [Fact]
    public async Task ReadAsync_SubjectOfALostPartitionThatIsNotHeld_IsToldToAFreshCallerOnly()
    {
        await FollowAsync();
        var stranger = _bench.SubjectOf(Lost);
        _bench.Away.Add(Lost);
        await _bench.CheckForAsync(LongEnough);
        _bench.Mirror.Track([stranger]);

        var entries = await _bench.Mirror.ReadAsync(
            [_living, stranger, _lost],
            null,
            CancellationToken.None,
            isFresh: true
        );

        Assert.Equal(
            [(_living, true, true), (stranger, false, false), (_lost, true, false)],
            entries.Select(entry => (entry.Subject, entry.IsKnown, entry.IsLive))
        );
        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _bench.Mirror.ReadAsync([_living, stranger], new Cursor(1, 1), CancellationToken.None)
        );
    }

    [Fact]
    public async Task ReadAsync_AllPartitionsLost_FailsForFreshCallersToo()
    {
        await FollowAsync();
        var stranger = _bench.SubjectOf(Lost);
        _bench.Away.UnionWith([0, 1, 2, 3]);
        await _bench.CheckForAsync(LongEnough);
        _bench.Mirror.Track([stranger]);

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            _bench.Mirror.ReadAsync([stranger], null, CancellationToken.None, isFresh: true)
        );
    }

    [Fact]
    public async Task Untrack_PartitionLost_KeepsWhatItHeldUntilThePartitionIsBack()
    {
        await FollowAsync();
        _bench.Away.Add(Lost);
        await _bench.CheckForAsync(LongEnough);

        _bench.Mirror.Untrack([_lost]);
        _bench.Mirror.Track([_lost]);
        Assert.True(_bench.Held(_lost)!.IsStale);
        _bench.Mirror.Untrack([_lost]);

        _bench.Away.Clear();
        await _bench.CheckForAsync(TimeSpan.FromSeconds(1));
        Assert.Null(_bench.Held(_lost));
        Assert.Empty(_bench.Mirror.Partitions[Lost].Tracked);
    }

    [Fact]
    public async Task ApplyAsync_OnePartitionAway_AppliesTheOthersAndSaysWhichItCouldNot()
    {
        await FollowAsync();
        _bench.Away.Add(Lost);

        var outcomes = await _bench.WriteAsync("Away", _lost, _living, _lost);

        Assert.Equal([ApplyOutcome.Unavailable, ApplyOutcome.Applied, ApplyOutcome.Unavailable], outcomes);
        Assert.Equal("Away", _bench.Held(_living)!.Availability);
    }

    [Fact]
    public async Task ApplyAsync_AllItsPartitionsAway_Fails()
    {
        await FollowAsync();
        _bench.Away.Add(Lost);

        await Assert.ThrowsAsync<TimeoutException>(() => _bench.WriteAsync("Away", _lost));
    }

    private async Task FollowAsync()
    {
        _bench.Mirror.Track([_lost, _living]);
        await _bench.WriteAsync("Busy", _lost, _living);
        await _bench.CheckForAsync(TimeSpan.FromSeconds(2));
        Assert.True(_bench.Held(_lost)!.IsLive);
        Assert.Null(_bench.Follower.Failure);
        _bench.Changes.Clear();
    }
}
