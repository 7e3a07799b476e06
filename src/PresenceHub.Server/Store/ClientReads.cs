using PresenceHub.Contracts;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Store;

/// <summary>The reads of the store that answer calls of clients. A failure is counted, and logged once a minute at
/// most, and has no other effect on the mirror.</summary>
internal sealed class ClientReads(
    PresenceStore store,
    StoreMetrics metrics,
    TimeProvider time,
    ILogger<ClientReads> logger
)
{
    private readonly LogLimit _failedLimit = new(time);

    public long Timestamp => time.GetTimestamp();

    public TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);

    public async Task<PartitionSnapshot> ReadAsync(int partition, IReadOnlyList<SubjectId> subjects)
    {
        try
        {
            return await store.ReadAsync(partition, subjects, CancellationToken.None);
        }
        catch (Exception exception)
        {
            metrics.ReadFailed();
            if (_failedLimit.TryTake())
            {
                logger.ReadFailed(exception.Message);
            }

            throw;
        }
    }
}
