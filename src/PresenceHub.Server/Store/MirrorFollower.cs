using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Keeps the mirror in sync: it subscribes, reads, and then follows. Acknowledged messages can be lost without any
/// event, so it compares positions every two seconds. A gap, another epoch or a reconnect of either Redis link leads to
/// a resync.
/// </summary>
/// <remarks>
/// Only the follower decides that a partition of the mirror is out of sync (<see cref="PartitionFollower"/>). It uses
/// the control connection and its own thread.
/// </remarks>
internal sealed class MirrorFollower(
    IConnectionMultiplexer redis,
    PartitionFollowers partitions,
    StoreChannels channels,
    StoreLayout layout,
    IOptions<StoreOptions> options,
    TimeProvider time
) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly StoreOptions _options = options.Value;
    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly WorkSignal _signal = new();
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _notStarted = "not connected yet";

    /// <summary>Why the mirror, or a part of it, is not in sync with the store; null when all of it is.</summary>
    public string? Failure => _notStarted ?? partitions.Failure;

    /// <summary>Whether at least one partition is in sync with the store.</summary>
    public bool IsPartlyInSync => _notStarted is null && partitions.IsPartlyInSync;

    /// <summary>Whether the mirror, or a part of it, was in sync at any time since the start.</summary>
    public bool HasBeenInSync { get; private set; }

    /// <summary>Completes after the first attempt to subscribe to all partitions in which any server
    /// answered.</summary>
    internal Task Subscribed => _subscribed.Task;

    /// <inheritdoc cref="PartitionFollowers.IsInSync"/>
    public bool IsInSync(int partition) => partitions.IsInSync(partition);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        redis.ConnectionRestored += OnConnectionRestored;
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        redis.ConnectionRestored -= OnConnectionRestored;
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ControlThread.RunAsync("presencehub mirror", () => FollowAsync(stoppingToken));

    /// <summary>
    /// One comparison of all positions, with what follows from it. False when the server of a partition did not answer.
    /// </summary>
    internal async Task<bool> CheckOnceAsync(CancellationToken stoppingToken)
    {
        var checks = await partitions.CheckOnceAsync(stoppingToken);
        var hasAnswered = Array.TrueForAll(checks, check => check.HasAnswered);
        if (Array.Exists(checks, check => check.HasAnswered))
        {
            (HasBeenInSync, _notStarted) = (true, null);
        }

        if (hasAnswered && Array.Exists(checks, check => check.Head is null))
        {
            Wake();
        }

        return hasAnswered;
    }

    /// <summary>Takes a message of the channel of a partition.</summary>
    internal void Receive(int partition, RedisValue payload)
    {
        if (!partitions.TryReceive(partition, payload))
        {
            Wake();
        }
    }

    /// <summary>Subscribes to a partition again, whatever state the Redis library reports, and resyncs it.</summary>
    internal void Renew(int partition)
    {
        partitions.SubscribeNext(partition);
        Wake();
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        await WaitForStoreAsync(stoppingToken);
        partitions.SubscribeBy(
            (partition, receive) => channels.SubscribeAsync(channels.Of(partition), receive),
            Receive
        );
        using var timer = _time.CreateTimer(
            _ => Wake(),
            null,
            _options.PositionCheckPeriod,
            _options.PositionCheckPeriod
        );
        Wake();
        while (true)
        {
            await _signal.WaitAsync(stoppingToken);
            if (!await CheckOnceAsync(stoppingToken))
            {
                await Task.Delay(RetryDelay, _time, stoppingToken);
                Wake();
            }

            if (HasBeenInSync)
            {
                _subscribed.TrySetResult();
            }
        }
    }

    /// <summary>Waits until the store can be used, with the reason in <see cref="Failure"/>.</summary>
    private async Task WaitForStoreAsync(CancellationToken stoppingToken)
    {
        while (await layout.FindObstacleAsync(stoppingToken) is { } obstacle)
        {
            _notStarted = obstacle;
            await Task.Delay(RetryDelay, _time, stoppingToken);
        }

        // From now on the partitions report why they are not in sync.
        _notStarted = null;
    }

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        partitions.MarkOutOfSync();
        Wake();
    }

    private void Wake() => _signal.Set();
}
