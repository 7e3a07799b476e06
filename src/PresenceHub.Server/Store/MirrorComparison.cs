using Microsoft.Extensions.Options;
using StackExchange.Redis;

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
            await Task.Delay(options.Value.ComparePeriod * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1))), time, stoppingToken);
            await CompareOnceAsync(stoppingToken);
        }
    }

    /// <summary>One comparison of every partition, one after the other.</summary>
    internal async Task CompareOnceAsync(CancellationToken stoppingToken)
    {
        for (var index = 0; index < mirror.Partitions.Count; index++)
        {
            try
            {
                await CompareAsync(index, stoppingToken);
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // The position check tells that the store is away, and lists everything when it is back.
                return;
            }
        }
    }

    private async Task CompareAsync(int index, CancellationToken stoppingToken)
    {
        var partition = mirror.Partitions[index];

        // Each script reads as of one instant, so each is compared by its own position; they are sent together, in one round trip.
        var differences = await Task.WhenAll(partition.Tracked.Chunk(PresenceStore.MaxSubjectsPerScript).Select(async subjects =>
            partition.Compare(subjects, await store.ReadAsync(index, subjects, stoppingToken), mirror.StaleBefore)));
        if (differences.Sum() is > 0 and var wrong)
        {
            metrics.EntriesMended(wrong);
            logger.EntriesMended(index, wrong);
        }
    }
}
