using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// Compares the entries of the mirror with the store continuously, and replaces those that differ. Only the time of the
/// last confirmation should ever differ: the comparison covers what positions cannot show, above all a defect of the
/// hub.
/// </summary>
/// <remarks>
/// Each subject is read at its own time, when its last reading is nearly one period ago. So a subject that was tracked
/// a moment ago is compared no later than the others, and the reads are spread over the period.
/// </remarks>
internal sealed class MirrorComparison(
    PresenceStore store,
    PresenceMirror mirror,
    StoreMetrics metrics,
    IOptions<StoreOptions> options,
    TimeProvider time,
    ILogger<MirrorComparison> logger
) : BackgroundService
{
    private readonly TimeSpan _tick = options.Value.ComparePeriod / PartitionComparison.Ticks;
    private readonly long _startedAt = time.GetTimestamp();
    private readonly PartitionComparison[] _partitions =
    [
        .. mirror.Partitions.Select(partition => new PartitionComparison(partition)),
    ];
    private readonly List<SubjectId> _due = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nodes that start together do not all read at the same time.
        await Task.Delay(_tick * Random.Shared.NextDouble(), time, stoppingToken);
        using var timer = new PeriodicTimer(_tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await CompareOnceAsync(stoppingToken);
        }
    }

    /// <summary>Compares the subjects that are due in every partition.</summary>
    internal async Task CompareOnceAsync(CancellationToken stoppingToken)
    {
        for (var index = 0; index < _partitions.Length; index++)
        {
            _partitions[index].FindDue((int)(time.GetElapsedTime(_startedAt) / _tick), _due);
            if (_due.Count is 0)
            {
                continue;
            }

            try
            {
                await CompareAsync(index, stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The position check reports that the server of the partition is away. Other servers may answer.
            }
        }
    }

    private async Task CompareAsync(int index, CancellationToken stoppingToken)
    {
        var reading = await store.ReadAsync(index, _due, stoppingToken);
        var corrected = _partitions[index].Correct(_due, reading, mirror.StaleBeforeAt(reading));
        if (corrected > 0)
        {
            metrics.EntriesMended(corrected);
            logger.EntriesMended(index, corrected);
        }
    }
}
