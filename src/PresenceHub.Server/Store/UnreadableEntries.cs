using PresenceHub.Server.Control;

namespace PresenceHub.Server.Store;

/// <summary>Counts stored entries that this version cannot read, and logs them once a minute at most.</summary>
internal sealed class UnreadableEntries(StoreMetrics metrics, TimeProvider time, ILogger<UnreadableEntries> logger)
{
    private readonly LogLimit _limit = new(time);

    public void Report(int partition, int entries)
    {
        metrics.EntriesUnreadable(entries);
        if (_limit.TryTake())
        {
            logger.EntriesUnreadable(entries, partition);
        }
    }
}
