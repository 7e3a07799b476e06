using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// Keeps the mirror in sync: subscribe, then read, then follow. Acknowledged messages can be lost without any event,
/// so the position is compared every two seconds, and a gap, another epoch or a reconnect of either Redis link leads
/// to a new listing.
/// </summary>
/// <remarks>
/// It alone decides that a partition of the mirror is out of sync (<see cref="PartitionFollower"/>). It asks over the
/// control connection, on a thread of its own.
/// </remarks>
internal sealed class MirrorFollower : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly IConnectionMultiplexer _redis;
    private readonly PresenceMirror _mirror;
    private readonly StoreChannels _channels;
    private readonly StoreLayout _layout;
    private readonly StoreMetrics _metrics;
    private readonly StoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MirrorFollower> _logger;
    private readonly PartitionLog _log;
    private readonly PartitionFollower[] _partitions;
    private readonly WorkSignal _signal = new();
    private readonly TaskCompletionSource _subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _notStarted = "not connected yet";
    private int _lost;

    public MirrorFollower(
        IConnectionMultiplexer redis,
        [FromKeyedServices(ControlConnection.Key)] PresenceStore store,
        PresenceMirror mirror,
        StoreChannels channels,
        StoreLayout layout,
        StoreMetrics metrics,
        IOptions<StoreOptions> options,
        TimeProvider time,
        ILogger<MirrorFollower> logger
    )
    {
        (_redis, _mirror, _channels, _layout, _metrics, _logger) = (redis, mirror, channels, layout, metrics, logger);
        (_options, _time) = (options.Value, ControlTime.Of(time));
        _log = new PartitionLog(time, logger);
        _lost = mirror.Partitions.Count;
        _partitions =
        [
            .. mirror.Partitions.Select(
                (_, index) => new PartitionFollower(index, mirror, store, metrics, options, time, _log)
            ),
        ];
    }

    /// <summary>
    /// Why the mirror, or a part of it, is not in sync with the store; null when all of it was within the last moments.
    /// </summary>
    public string? Failure
    {
        get
        {
            if (_notStarted is { } reason)
            {
                return reason;
            }

            var (lost, failure) = (0, (string?)null);
            foreach (var partition in _partitions)
            {
                if (partition.Failure is { } one)
                {
                    lost++;
                    failure ??= one;
                }
            }

            return lost is 0 || lost == _partitions.Length
                ? failure
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{lost} of {_partitions.Length} partitions are not in sync: {failure}"
                );
        }
    }

    /// <summary>Whether at least one partition is in sync with the store.</summary>
    public bool IsPartlyInSync =>
        _notStarted is null && Array.Exists(_partitions, partition => partition.Failure is null);

    /// <summary>Whether the mirror, or a part of it, was in sync at any time since the start.</summary>
    public bool HasBeenInSync { get; private set; }

    /// <summary>Ends after the first attempt to subscribe to all partitions in which any server answered.</summary>
    internal Task Subscribed => _subscribed.Task;

    /// <summary>Whether a partition is in sync with the store.</summary>
    public bool IsInSync(int partition) => _partitions[partition].Failure is null;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ControlThread.RunAsync("presencehub mirror", () => FollowAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        _redis.ConnectionRestored += OnConnectionRestored;
        try
        {
            await WaitForStoreAsync(stoppingToken);
            for (var index = 0; index < _partitions.Length; index++)
            {
                var partition = index;
                _partitions[partition]
                    .SubscribeBy(() =>
                        _channels.SubscribeAsync(_channels.Of(partition), message => Receive(partition, message))
                    );
            }

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
        finally
        {
            _redis.ConnectionRestored -= OnConnectionRestored;
        }
    }

    /// <summary>
    /// One comparison of all positions, with what follows from it. False when the server of a partition did not answer.
    /// </summary>
    internal async Task<bool> CheckOnceAsync(CancellationToken stoppingToken)
    {
        var checks = await Task.WhenAll(_partitions.Select(partition => partition.CheckOnceAsync(stoppingToken)));
        var hasAnswered = Array.TrueForAll(checks, check => check.HasAnswered);
        if (Array.Exists(checks, check => check.HasAnswered))
        {
            (HasBeenInSync, _notStarted) = (true, null);
        }

        ReportLost();
        PartitionPosition[] heads = [.. checks.Select(check => check.Head).OfType<PartitionPosition>()];
        if (heads.Length == checks.Length)
        {
            _mirror.Advance(new Cursor(heads.Max(head => head.Epoch), heads.Min(head => head.Clock)));
        }
        else if (hasAnswered)
        {
            Wake();
        }

        return hasAnswered;
    }

    /// <summary>Takes a message of the partition's channel.</summary>
    internal void Receive(int partition, RedisValue payload)
    {
        if (!ChangeMessage.TryParse((string?)payload, out var message))
        {
            _metrics.MessageNotUnderstood();
            _log.NotUnderstood(partition);
            _mirror.Partitions[partition].MarkOutOfSync();
            Wake();
        }
        else
        {
            _mirror.RecordPosition(partition, message!.Position);
            if (!_mirror.Partitions[partition].TryFollow(message))
            {
                Wake();
            }
        }
    }

    /// <summary>Subscribes to a partition again, whatever the Redis library believes, and lists it again.</summary>
    internal void Renew(int partition)
    {
        _partitions[partition].SubscribeNext();
        Wake();
    }

    /// <summary>The store is as it should be; or it is waited for, with the reason in <see cref="Failure"/>.</summary>
    private async Task WaitForStoreAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                if (await _layout.FindProblemAsync(stoppingToken) is not { } problem)
                {
                    // From here on the partitions tell.
                    _notStarted = null;
                    return;
                }

                _notStarted = problem;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                _notStarted = _layout.Describe(exception);
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
            await _redis.ConfigureAsync().WaitAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // The next check finds the same, and looks again.
        }
    }

    /// <summary>Logs when all, some or none of the partitions are lost, where that was different before.</summary>
    private void ReportLost()
    {
        var (before, all) = (_lost, _partitions.Length);
        _lost = _partitions.Count(partition => partition.HasFailed);
        _metrics.SetPartitionsLost(_lost);
        if (_mirror.Partitions.DistinctBy(partition => partition.IsLost).Count() > 1)
        {
            _mirror.PromiseNothing();
        }

        if (_lost is 0 && before > 0)
        {
            _logger.MirrorInSync();
        }
        else if (_lost == all && before < all)
        {
            _logger.MirrorNotInSync(ReasonOfFirst());
        }
        else if (_lost > 0 && _lost < all && (before is 0 || before == all))
        {
            _logger.PartitionsLost(_lost, all, ReasonOfFirst());
        }
    }

    private string ReasonOfFirst() =>
        Array.Find(_partitions, partition => partition.HasFailed)?.Failure ?? string.Empty;

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        foreach (var partition in _mirror.Partitions)
        {
            partition.MarkOutOfSync();
        }

        Wake();
    }

    private void Wake() => _signal.Set();
}
