using System.Threading.Channels;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Keeps the mirror level: subscribe, then read, then follow. Acknowledged messages can be lost without any event, so the position is
/// compared every two seconds, and a gap, another epoch or a reconnect of either Redis link leads to a new listing.
/// </summary>
internal sealed class MirrorFollower(
    IConnectionMultiplexer redis, PresenceStore store, PresenceMirror mirror, StoreChannels channels, StoreLayout layout, StoreMetrics metrics, IOptions<StoreOptions> options,
    TimeProvider time, ILogger<MirrorFollower> logger) : BackgroundService
{
    /// <summary>Messages announced before a position was read may still be on their way to us.</summary>
    private static readonly TimeSpan InFlightGrace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan NotUnderstoodLogPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan SubscribeRetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _confirmedAt = time.GetTimestamp();
    private volatile string? _failure = "not connected yet";
    private bool _lostTrack;
    private long _notUnderstoodAt;

    /// <summary>Why the mirror is not level with the store; null when it was within the last moments.</summary>
    public string? Failure => _failure
        ?? (time.GetElapsedTime(Volatile.Read(ref _confirmedAt)) <= options.Value.UnconfirmedAfter ? null : "no answer for too long");

    /// <summary>Ends when all partitions have been subscribed to for the first time.</summary>
    internal Task Subscribed => _subscribed.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.ConnectionRestored += OnConnectionRestored;
        try
        {
            await WaitForStoreAsync(stoppingToken);
            await SubscribeAsync(stoppingToken);
            _subscribed.TrySetResult();
            var period = options.Value.PositionCheckPeriod;
            using var timer = time.CreateTimer(_ => Wake(), null, period, period);
            Wake();
            while (await _signal.Reader.WaitToReadAsync(stoppingToken))
            {
                _signal.Reader.TryRead(out _);
                await CheckOnceAsync(stoppingToken);
            }
        }
        finally
        {
            redis.ConnectionRestored -= OnConnectionRestored;
        }
    }

    /// <summary>One comparison of all positions, with what follows from it.</summary>
    internal async Task CheckOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            await LevelAsync(stoppingToken);
            Volatile.Write(ref _confirmedAt, time.GetTimestamp());
            _lostTrack = false;
            if (_failure is not null)
            {
                _failure = null;
                logger.MirrorLevel();
            }
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            if (_failure is null)
            {
                logger.MirrorNotLevel(exception.Message);
            }

            _failure = exception.Message;
            await LookForMasterAsync(exception, stoppingToken);
            if (!_lostTrack && time.GetElapsedTime(_confirmedAt) > options.Value.UnconfirmedAfter)
            {
                _lostTrack = true;
                foreach (var partition in mirror.Partitions)
                {
                    partition.LoseTrack();
                }
            }
        }
    }

    /// <summary>Takes a message of the partition's channel.</summary>
    internal void Receive(int partition, RedisValue payload)
    {
        if (!ChangeMessage.TryParse((string?)payload, out var message))
        {
            ReportNotUnderstood(partition);
            mirror.Partitions[partition].Doubt();
            Wake();
        }
        else
        {
            mirror.TakeNote(partition, message!.Position);
            if (!mirror.Partitions[partition].TryFollow(message))
            {
                Wake();
            }
        }
    }

    /// <summary>Subscribes to a partition anew, whatever the Redis library believes, and lists it again. What fails is for the next probe to find.</summary>
    internal async Task RenewAsync(int partition, CancellationToken stoppingToken)
    {
        mirror.Partitions[partition].Doubt();
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
        mirror.Partitions[partition].Doubt();
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

            await Task.Delay(SubscribeRetryDelay, time, stoppingToken);
        }
    }

    /// <summary>
    /// A server that was made a replica while connections to it were open refuses what is written, and the Redis library goes on taking it
    /// for the master until it looks at the servers' roles the next time.
    /// </summary>
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
                    await Task.Delay(SubscribeRetryDelay, time, stoppingToken);
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
        var now = time.GetTimestamp();
        var reportedAt = Interlocked.Read(ref _notUnderstoodAt);
        if ((reportedAt is 0 || time.GetElapsedTime(reportedAt, now) >= NotUnderstoodLogPeriod)
            && Interlocked.CompareExchange(ref _notUnderstoodAt, now, reportedAt) == reportedAt)
        {
            logger.ChangeNotUnderstood(partition);
        }
    }

    private async Task LevelAsync(CancellationToken stoppingToken)
    {
        var positions = await Task.WhenAll(mirror.Partitions.Select(async (_, index) => (await store.ReadAsync(index, [], stoppingToken)).Position));
        if (IsBehind(positions).Any(index => mirror.Partitions[index].IsFollowing))
        {
            await Task.Delay(InFlightGrace, time, stoppingToken);
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

    private IEnumerable<int> IsBehind(PartitionPosition[] positions) =>
        Enumerable.Range(0, positions.Length).Where(index => !mirror.Partitions[index].HasReached(positions[index]));

    private async Task RelistAsync(int index, CancellationToken stoppingToken)
    {
        var partition = mirror.Partitions[index];
        var tracked = partition.Tracked;
        var listing = await store.ReadAsync(index, tracked, stoppingToken);
        metrics.PartitionListed();
        if (partition.Relist(tracked, listing, mirror.StaleBeforeAt(listing.Position)))
        {
            logger.EpochChanged(index);
            mirror.ReportEpochChanged(index);
        }
    }

    /// <summary>Before an entry is called stale the store is asked: confirmations are not announced as long as it is live.</summary>
    private async Task ReadDueAsync(int index, MirrorPartition partition, CancellationToken stoppingToken)
    {
        var due = partition.DueForReading(mirror.StaleBefore);
        if (due.Count > 0)
        {
            var reading = await store.ReadAsync(index, due, stoppingToken);
            partition.TakeReading(due, reading, mirror.StaleBeforeAt(reading.Position));
        }
    }

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        foreach (var partition in mirror.Partitions)
        {
            partition.Doubt();
        }

        Wake();
    }

    private void Wake() => _signal.Writer.TryWrite(true);
}
