using System.Threading.Channels;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Keeps the mirror in sync: subscribe, then read, then follow. Acknowledged messages can be lost without any event, so the position is
/// compared every two seconds, and a gap, another epoch or a reconnect of either Redis link leads to a new listing.
/// </summary>
/// <remarks>It alone decides that the mirror is out of sync. It asks over the control connection, on a thread of its own.</remarks>
internal sealed class MirrorFollower(
    IConnectionMultiplexer redis, [FromKeyedServices(ControlConnection.Key)] PresenceStore store, PresenceMirror mirror, StoreChannels channels,
    StoreLayout layout, StoreMetrics metrics, IOptions<StoreOptions> options, TimeProvider time, ILogger<MirrorFollower> logger) : BackgroundService
{
    /// <summary>Messages announced before a position was read may still be on their way to us.</summary>
    private static readonly TimeSpan InFlightGrace = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// One failed check may be the node's own fault: the process stood still, and its timers ran before the answer was looked at. The second
    /// one in a row is not: it was asked after that.
    /// </summary>
    private const int FailuresOfAnAbsentStore = 2;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly LogLimit _notUnderstoodLimit = new(time);
    private readonly LogLimit _steppedBackLimit = new(time);
    private readonly int[] _stepsBack = new int[mirror.Partitions.Count];

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _confirmedAt = time.GetTimestamp();
    private volatile string? _failure = "not connected yet";
    private int _failures;
    private bool _isAllStale;

    /// <summary>Why the mirror is not in sync with the store; null when it was within the last moments.</summary>
    public string? Failure => _failure
        ?? (time.GetElapsedTime(Volatile.Read(ref _confirmedAt)) <= options.Value.UnconfirmedAfter ? null : "no answer for too long");

    /// <summary>Whether the mirror was in sync at any time since the start.</summary>
    public bool HasBeenInSync { get; private set; }

    /// <summary>Ends when all partitions have been subscribed to for the first time.</summary>
    internal Task Subscribed => _subscribed.Task;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ControlThread.RunAsync("presencehub mirror", () => FollowAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        redis.ConnectionRestored += OnConnectionRestored;
        try
        {
            await WaitForStoreAsync(stoppingToken);
            await SubscribeAsync(stoppingToken);
            _subscribed.TrySetResult();
            var period = options.Value.PositionCheckPeriod;
            using var timer = _time.CreateTimer(_ => Wake(), null, period, period);
            Wake();
            while (await _signal.Reader.WaitToReadAsync(stoppingToken))
            {
                _signal.Reader.TryRead(out _);
                if (!await CheckOnceAsync(stoppingToken))
                {
                    await Task.Delay(RetryDelay, _time, stoppingToken);
                    Wake();
                }
            }
        }
        finally
        {
            redis.ConnectionRestored -= OnConnectionRestored;
        }
    }

    /// <summary>One comparison of all positions, with what follows from it. False when the store did not answer.</summary>
    internal async Task<bool> CheckOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            await SyncAsync(stoppingToken);
            Volatile.Write(ref _confirmedAt, time.GetTimestamp());
            (_failures, _isAllStale, HasBeenInSync) = (0, false, true);
            if (_failure is not null)
            {
                _failure = null;
                logger.MirrorInSync();
            }

            return true;
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            _failures++;
            if (_failure is null && _failures >= FailuresOfAnAbsentStore)
            {
                logger.MirrorNotInSync(exception.Message);
                _failure = exception.Message;
            }

            if (!_isAllStale && _failures >= FailuresOfAnAbsentStore && time.GetElapsedTime(_confirmedAt) > options.Value.UnconfirmedAfter)
            {
                _isAllStale = true;
                foreach (var partition in mirror.Partitions)
                {
                    partition.MarkAllStale();
                }
            }

            return false;
        }
    }

    /// <summary>Takes a message of the partition's channel.</summary>
    internal void Receive(int partition, RedisValue payload)
    {
        if (!ChangeMessage.TryParse((string?)payload, out var message))
        {
            ReportNotUnderstood(partition);
            mirror.Partitions[partition].MarkOutOfSync();
            Wake();
        }
        else
        {
            mirror.RecordPosition(partition, message!.Position);
            if (!mirror.Partitions[partition].TryFollow(message))
            {
                Wake();
            }
        }
    }

    /// <summary>Subscribes to a partition anew, whatever the Redis library believes, and lists it again. What fails is for the next probe to find.</summary>
    internal async Task RenewAsync(int partition, CancellationToken stoppingToken)
    {
        mirror.Partitions[partition].MarkOutOfSync();
        await channels.TryUnsubscribeAsync(channels.Of(partition)).WaitAsync(stoppingToken);
        try
        {
            await SubscribeOnceAsync(partition, stoppingToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The link is as dead as the probe said: the library gives it up when enough goes unanswered.
        }

        // Whatever was listed before the subscription held may lack a change.
        mirror.Partitions[partition].MarkOutOfSync();
        Wake();
    }

    /// <summary>The store is as it should be; or it is waited for, with the reason in <see cref="Failure"/>.</summary>
    private async Task WaitForStoreAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                _failure = await layout.FindProblemAsync(stoppingToken);
                if (_failure is null)
                {
                    _failure = "not listed yet";
                    return;
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                _failure = exception.Message;
                await LookForMasterAsync(exception, stoppingToken);
            }

            await Task.Delay(RetryDelay, _time, stoppingToken);
        }
    }

    /// <summary>As <see cref="PresenceStore"/> does for the connections that it uses.</summary>
    private async Task LookForMasterAsync(Exception exception, CancellationToken stoppingToken)
    {
        if (exception is not RedisServerException { Kind: RedisErrorKind.ReadOnly })
        {
            return;
        }

        try
        {
            await redis.ConfigureAsync().WaitAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // The next check finds the same, and looks again.
        }
    }

    private async Task SubscribeAsync(CancellationToken stoppingToken)
    {
        for (var partition = 0; partition < mirror.Partitions.Count; partition++)
        {
            while (true)
            {
                try
                {
                    await SubscribeOnceAsync(partition, stoppingToken);
                    break;
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    await Task.Delay(RetryDelay, _time, stoppingToken);
                }
            }
        }
    }

    private async Task SubscribeOnceAsync(int partition, CancellationToken stoppingToken)
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(channels.Of(partition)).WaitAsync(stoppingToken);
        queue.OnMessage(message => Receive(partition, message.Message));
    }

    private void ReportNotUnderstood(int partition)
    {
        metrics.MessageNotUnderstood();
        if (_notUnderstoodLimit.TryTake())
        {
            logger.ChangeNotUnderstood(partition);
        }
    }

    private async Task SyncAsync(CancellationToken stoppingToken)
    {
        var positions = await Task.WhenAll(mirror.Partitions.Select(async (_, index) => (await AskAsync(index, [], stoppingToken)).Position));
        FollowTime();
        if (IsBehind(positions).Any(index => mirror.Partitions[index].IsFollowing))
        {
            await Task.Delay(InFlightGrace, _time, stoppingToken);
        }

        var behind = IsBehind(positions).ToArray();
        await Task.WhenAll(behind.Select(index => RelistAsync(index, stoppingToken)));
        await Task.WhenAll(mirror.Partitions.Select((partition, index) => ReadDueAsync(index, partition, stoppingToken)));
        if (behind.Length is 0)
        {
            for (var index = 0; index < positions.Length; index++)
            {
                mirror.Partitions[index].Confirm(positions[index]);
            }

            mirror.Advance(new Cursor(positions.Max(position => position.Epoch), positions.Min(position => position.Clock)));
        }
        else
        {
            Wake();
        }
    }

    /// <summary>
    /// Lists what is on a server whose clock has stepped back. By its time, entries that are held as stale may be live, and confirmations of
    /// those are not announced.
    /// </summary>
    private void FollowTime()
    {
        for (var index = 0; index < _stepsBack.Length; index++)
        {
            var steps = mirror.StepsBackOf(index);
            if (steps != _stepsBack[index])
            {
                _stepsBack[index] = steps;
                mirror.Partitions[index].MarkOutOfSync();
                if (_steppedBackLimit.TryTake())
                {
                    logger.StoreClockSteppedBack();
                }
            }
        }
    }

    private Task<PartitionSnapshot> AskAsync(int partition, IReadOnlyList<SubjectId> subjects, CancellationToken stoppingToken) =>
        store.ReadAsync(partition, subjects, stoppingToken).AnsweredAsync(_time, stoppingToken);

    private IEnumerable<int> IsBehind(PartitionPosition[] positions) =>
        Enumerable.Range(0, positions.Length).Where(index => !mirror.Partitions[index].HasReached(positions[index]));

    private async Task RelistAsync(int index, CancellationToken stoppingToken)
    {
        var partition = mirror.Partitions[index];
        var tracked = partition.Tracked;
        var listing = await AskAsync(index, tracked, stoppingToken);
        metrics.PartitionListed();
        if (partition.Relist(tracked, listing, mirror.StaleBeforeAt(listing)))
        {
            logger.EpochChanged(index);
            mirror.ReportEpochChanged(index);
        }
    }

    /// <summary>
    /// Before an entry is called stale the store is asked: confirmations are not announced as long as it is live. So it is where an entry is
    /// ahead of the store's time, which has stepped back: it would be shown as live for as long as the step was.
    /// </summary>
    private async Task ReadDueAsync(int index, MirrorPartition partition, CancellationToken stoppingToken)
    {
        var due = partition.DueForReading(mirror.StaleBeforeOf(index), mirror.AheadOf(index));
        if (due.Count > 0)
        {
            var reading = await AskAsync(index, due, stoppingToken);
            partition.TakeReading(due, reading, mirror.StaleBeforeAt(reading));
        }
    }

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        foreach (var partition in mirror.Partitions)
        {
            partition.MarkOutOfSync();
        }

        Wake();
    }

    private void Wake() => _signal.Writer.TryWrite(true);
}
