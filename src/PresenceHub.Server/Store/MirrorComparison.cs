using Microsoft.Extensions.Options;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>
/// Compares all that the mirror holds with the store, again and again, and mends what differs. Nothing should: it covers what positions
/// cannot show, a defect of ours above all.
/// </summary>
internal sealed class MirrorComparison(
    PresenceStore store, PresenceMirror mirror, StoreMetrics metrics, IOptions<StoreOptions> options, TimeProvider time, ILogger<MirrorComparison> logger) : BackgroundService
{
    /// <summary>Nodes that were started together should not all read at the same time.</summary>
    private const double Jitter = 0.1;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var period = options.Value.ComparePeriod * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1)));
            if (!await CompareOnceAsync(period, stoppingToken))
            {
                await Task.Delay(period, time, stoppingToken);
            }
        }
    }

    /// <summary>
    /// One comparison of every partition, spread over the period: all at once, a node that watches 100,000 people would do nothing else for a
    /// second. False when there was nothing to compare, or the store did not answer.
    /// </summary>
    private async Task<bool> CompareOnceAsync(TimeSpan period, CancellationToken stoppingToken)
    {
        SubjectId[][][] chunks = [.. mirror.Partitions.Select(partition => partition.Tracked.Chunk(PresenceStore.MaxSubjectsPerScript).ToArray())];
        var scripts = chunks.Sum(partition => partition.Length);
        for (var index = 0; index < chunks.Length; index++)
        {
            var wrong = 0;
            foreach (var subjects in chunks[index])
            {
                await Task.Delay(period / scripts, time, stoppingToken);
                try
                {
                    var mended = await CompareAsync(index, subjects, stoppingToken);
                    metrics.EntriesMended(mended);
                    wrong += mended;
                }
                catch (Exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // The position check tells that the store is away, and lists everything when it is back.
                    return false;
                }
            }

            if (wrong > 0)
            {
                logger.EntriesMended(index, wrong);
            }
        }

        return scripts > 0;
    }

    private async Task<int> CompareAsync(int index, SubjectId[] subjects, CancellationToken stoppingToken)
    {
        var reading = await store.ReadAsync(index, subjects, stoppingToken);
        return mirror.Partitions[index].Compare(subjects, reading, mirror.StaleBeforeAt(reading));
    }
}
