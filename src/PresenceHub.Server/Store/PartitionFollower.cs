using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Keeps one partition of the mirror in sync, and reports whether it is. On a cluster the server of one partition may
/// be away while the other servers answer, so each partition is confirmed, retried and marked as stale on its own.
/// </summary>
internal sealed class PartitionFollower(
    int index,
    PresenceMirror mirror,
    PresenceStore store,
    StoreMetrics metrics,
    IOptions<StoreOptions> options,
    TimeProvider time,
    PartitionLog log
)
{
    /// <summary>The time that messages announced before the position was read may take to arrive.</summary>
    private static readonly TimeSpan InFlightGrace = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The number of failed checks in a row that show an absent store. A single failure can be the node's own: if the
    /// process was suspended, its timer fires before the answer is processed. The second check starts after that.
    /// </summary>
    private const int FailuresOfAnAbsentStore = 2;

    private const string NotListed = "not listed yet";

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly MirrorPartition _partition = mirror.Partitions[index];
    private Func<Task<bool>>? _subscribe;
    private volatile bool _mustSubscribe;
    private bool _hasSubscribed;
    private long _confirmedAt = time.GetTimestamp();
    private volatile string? _failure = NotListed;
    private int _failures;
    private int _stepsBack;
    private bool _isMarkedStale;

    /// <summary>Why the partition is not in sync with the store; null if a recent check confirmed that it is.</summary>
    public string? Failure => _failure ?? (IsUnconfirmed ? "no answer for too long" : null);

    /// <summary>Whether at least the last two checks have failed.</summary>
    public bool HasFailed => _failure is not null;

    private bool IsUnconfirmed => time.GetElapsedTime(Volatile.Read(ref _confirmedAt)) > options.Value.UnconfirmedAfter;

    /// <summary>Makes the next check subscribe to the channel of the partition and then list the partition.</summary>
    public void SubscribeBy(Func<Task<bool>> subscribe)
    {
        _subscribe = subscribe;
        SubscribeNext();
    }

    /// <inheritdoc cref="SubscribeBy"/>
    public void SubscribeNext()
    {
        _mustSubscribe = true;
        _partition.MarkOutOfSync();
    }

    /// <summary>Compares positions once, and resyncs the partition if it is behind.</summary>
    public async Task<PartitionCheck> CheckOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (_mustSubscribe && _subscribe is not null)
            {
                await SubscribeAsync(stoppingToken);
            }

            var head = await SyncAsync(stoppingToken);
            Volatile.Write(ref _confirmedAt, time.GetTimestamp());
            (_failures, _isMarkedStale, _failure) = (0, false, null);
            return new PartitionCheck(HasAnswered: true, head);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Failed(store.Describe(exception));
            return new PartitionCheck(HasAnswered: false, Head: null);
        }
    }

    private void Failed(string reason)
    {
        if (++_failures < FailuresOfAnAbsentStore)
        {
            return;
        }

        _failure = _failure is null or NotListed ? reason : _failure;
        if (!_isMarkedStale && IsUnconfirmed)
        {
            _isMarkedStale = true;
            _partition.MarkAllStale();
        }
    }

    private async Task SubscribeAsync(CancellationToken stoppingToken)
    {
        try
        {
            _mustSubscribe = false;
            await _subscribe!().AnsweredAsync(_time, stoppingToken);
            _hasSubscribed = true;

            // A listing from before the subscription may lack a change.
            _partition.MarkOutOfSync();
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            _mustSubscribe = true;
            if (!_hasSubscribed)
            {
                throw;
            }

            // The link is dead, as the probe has found. The library reconnects after enough unanswered commands. Until
            // then changes arrive late.
        }
    }

    private async Task<PartitionPosition?> SyncAsync(CancellationToken stoppingToken)
    {
        var position = (await AskAsync([], stoppingToken)).Position;
        FollowTime();
        if (!_partition.HasReached(position) && _partition.IsFollowing)
        {
            await Task.Delay(InFlightGrace, _time, stoppingToken);
        }

        var isBehind = !_partition.HasReached(position);
        if (isBehind)
        {
            await RelistAsync(stoppingToken);
        }

        await ReadDueAsync(stoppingToken);
        if (isBehind)
        {
            return null;
        }

        _partition.Confirm(position);
        return position;
    }

    /// <summary>
    /// Resyncs after the clock of the server has stepped back. By its time, entries that are held as stale may be live,
    /// and confirmations of live entries are not announced.
    /// </summary>
    private void FollowTime()
    {
        var steps = mirror.StepsBackOf(index);
        if (steps != _stepsBack)
        {
            _stepsBack = steps;
            _partition.MarkOutOfSync();
            log.SteppedBack();
        }
    }

    private async Task RelistAsync(CancellationToken stoppingToken)
    {
        var tracked = _partition.Tracked;
        var listing = await AskAsync(tracked, stoppingToken);
        metrics.PartitionListed();
        if (_partition.Relist(tracked, listing, mirror.StaleBeforeAt(listing)))
        {
            log.EpochChanged(index);
            mirror.ReportEpochChanged(index);
        }
    }

    /// <summary>
    /// Reads entries from the store before they are marked as stale, because confirmations of live entries are not
    /// announced. Entries that are ahead of the store's time, which has stepped back, are read too: they would be shown
    /// as live for as long as the step was.
    /// </summary>
    private async Task ReadDueAsync(CancellationToken stoppingToken)
    {
        var due = _partition.DueForReading(mirror.StaleBeforeOf(index), mirror.AheadOf(index));
        if (due.Count > 0)
        {
            var reading = await AskAsync(due, stoppingToken);
            _partition.TakeReading(due, reading, mirror.StaleBeforeAt(reading));
        }
    }

    private Task<PartitionSnapshot> AskAsync(IReadOnlyList<SubjectId> subjects, CancellationToken stoppingToken) =>
        store.ReadAsync(index, subjects, stoppingToken).AnsweredAsync(_time, stoppingToken);
}
