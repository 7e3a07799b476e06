using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Keeps one partition of the mirror in sync, and tells whether it is. On a cluster the server of one partition may
/// be away while those of the others answer, so each partition is confirmed, retried and marked as stale by itself.
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
    /// <summary>Messages announced before a position was read may still be on their way to us.</summary>
    private static readonly TimeSpan InFlightGrace = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// One failed check may be the node's own fault: the process stood still, and its timers ran before the answer
    /// was looked at. The second one in a row is not: it was asked after that.
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

    /// <summary>Why the partition is not in sync with the store; null when it was within the last moments.</summary>
    public string? Failure => _failure ?? (IsUnconfirmed ? "no answer for too long" : null);

    /// <summary>Whether checks have failed, twice in a row at least, since the last one that did not.</summary>
    public bool HasFailed => _failure is not null;

    private bool IsUnconfirmed => time.GetElapsedTime(Volatile.Read(ref _confirmedAt)) > options.Value.UnconfirmedAfter;

    /// <summary>The next check subscribes to the partition's channel and then lists the partition again.</summary>
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

    /// <summary>One comparison of positions, with what follows from it.</summary>
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

            // Whatever was listed before the subscription held may lack a change.
            _partition.MarkOutOfSync();
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            _mustSubscribe = true;
            if (!_hasSubscribed)
            {
                throw;
            }

            // The link is as dead as the probe said: the library gives it up when enough goes unanswered. Until then
            // changes come late.
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
    /// Lists what is on a server whose clock has stepped back. By its time, entries that are held as stale may be
    /// live, and confirmations of those are not announced.
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
    /// Before an entry is called stale the store is asked: confirmations are not announced as long as it is live. The
    /// same holds for an entry that is ahead of the store's time, which has stepped back: it would be shown as live
    /// for as long as the step was.
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
