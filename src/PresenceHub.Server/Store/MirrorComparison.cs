using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// Compares all that the mirror holds with the store, again and again, and mends what differs. Nothing should, but
/// for the time of the last confirmation: it covers what positions cannot show, a defect of ours above all.
/// </summary>
/// <remarks>
/// Each subject has a time of its own: it is read when its last reading, for whatever reason, is nearly a period ago.
/// So one that was tracked just now is not compared later than the others, and the reads are spread over the period.
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
    /// <summary>Parts of the period: what is due is looked for once in each.</summary>
    internal const int Ticks = 60;

    /// <summary>
    /// Subjects are read after so many ticks, each by its id, so that those that were listed together are not
    /// compared together. The longest age leaves a tick until it is seen, and one for the read.
    /// </summary>
    private const int ShortestAge = 40,
        LongestAge = Ticks - 2;

    private readonly TimeSpan _tick = options.Value.ComparePeriod / Ticks;
    private readonly long _startedAt = time.GetTimestamp();
    private readonly List<SubjectId> _due = [];

    /// <summary>The age of a reading (ticks) at which the subject is compared.</summary>
    public static int AgeOf(SubjectId subject) =>
        ShortestAge + (int)((uint)subject.GetHashCode() % (LongestAge - ShortestAge + 1));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Nodes that were started together should not all read at the same time.
        await Task.Delay(_tick * Random.Shared.NextDouble(), time, stoppingToken);
        using var timer = new PeriodicTimer(_tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await CompareOnceAsync(stoppingToken);
        }
    }

    /// <summary>Compares what is due in every partition that follows; any other is going to be listed again.</summary>
    internal async Task CompareOnceAsync(CancellationToken stoppingToken)
    {
        for (var index = 0; index < mirror.Partitions.Count; index++)
        {
            mirror.Partitions[index].FindDueForComparison((int)(time.GetElapsedTime(_startedAt) / _tick), _due);
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
                // The position check tells that the server of the partition is away. Others may answer.
            }
        }
    }

    private async Task CompareAsync(int index, CancellationToken stoppingToken)
    {
        var reading = await store.ReadAsync(index, _due, stoppingToken);
        var mended = mirror.Partitions[index].Compare(_due, reading, mirror.StaleBeforeAt(reading));
        if (mended > 0)
        {
            metrics.EntriesMended(mended);
            logger.EntriesMended(index, mended);
        }
    }
}
