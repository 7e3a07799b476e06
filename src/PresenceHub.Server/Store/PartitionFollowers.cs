using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>
/// The followers of all partitions: checks them together, reports how many are lost, and advances the cursor of the
/// mirror when all of them are at their heads.
/// </summary>
internal sealed class PartitionFollowers
{
    private readonly PresenceMirror _mirror;
    private readonly StoreMetrics _metrics;
    private readonly ILogger<PartitionFollowers> _logger;
    private readonly PartitionLog _log;
    private readonly PartitionFollower[] _partitions;
    private int _lost;

    public PartitionFollowers(
        [FromKeyedServices(ControlConnection.Key)] PresenceStore store,
        PresenceMirror mirror,
        StoreMetrics metrics,
        IOptions<StoreOptions> options,
        TimeProvider time,
        ILogger<PartitionFollowers> logger
    )
    {
        (_mirror, _metrics, _logger) = (mirror, metrics, logger);
        _log = new PartitionLog(time, logger);
        _lost = mirror.Partitions.Count;
        _partitions =
        [
            .. mirror.Partitions.Select(
                (_, index) => new PartitionFollower(index, mirror, store, metrics, options, time, _log)
            ),
        ];
    }

    /// <summary>Why some partitions are not in sync with the store; null when all of them are.</summary>
    public string? Failure
    {
        get
        {
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
    public bool IsPartlyInSync => Array.Exists(_partitions, partition => partition.Failure is null);

    /// <summary>Whether a partition is in sync with the store.</summary>
    public bool IsInSync(int partition) => _partitions[partition].Failure is null;

    /// <summary>Makes the next check subscribe to the channels of all partitions.</summary>
    public void SubscribeBy(Func<int, Action<RedisValue>, Task<bool>> subscribe, Action<int, RedisValue> receive)
    {
        for (var index = 0; index < _partitions.Length; index++)
        {
            var partition = index;
            _partitions[index].SubscribeBy(() => subscribe(partition, message => receive(partition, message)));
        }
    }

    /// <summary>Makes the next check subscribe to the channel of a partition again and list the partition.</summary>
    public void SubscribeNext(int partition) => _partitions[partition].SubscribeNext();

    public void MarkOutOfSync()
    {
        foreach (var partition in _mirror.Partitions)
        {
            partition.MarkOutOfSync();
        }
    }

    /// <summary>Compares all positions with the store, and resyncs the partitions that are behind.</summary>
    public async Task<PartitionCheck[]> CheckOnceAsync(CancellationToken stoppingToken)
    {
        var checks = await Task.WhenAll(_partitions.Select(partition => partition.CheckOnceAsync(stoppingToken)));
        ReportLost();
        PartitionPosition[] heads = [.. checks.Select(check => check.Head).OfType<PartitionPosition>()];
        if (heads.Length == checks.Length)
        {
            _mirror.Advance(new Cursor(heads.Max(head => head.Epoch), heads.Min(head => head.Clock)));
        }

        return checks;
    }

    /// <summary>Takes a message of the channel of a partition. False when the partition has to be listed
    /// again.</summary>
    public bool TryReceive(int partition, RedisValue payload)
    {
        if (!ChangeMessage.TryParse((string?)payload, out var message))
        {
            _metrics.MessageNotUnderstood();
            _log.NotUnderstood(partition);
            _mirror.Partitions[partition].MarkOutOfSync();
            return false;
        }

        _mirror.RecordPosition(partition, message!.Position);
        return _mirror.Partitions[partition].TryFollow(message);
    }

    /// <summary>Logs the transitions between no, some and all partitions lost.</summary>
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
}
