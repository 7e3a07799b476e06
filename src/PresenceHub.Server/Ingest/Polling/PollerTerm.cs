using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// What a node knows of subjects while it leads. A term begins without what was known before, and refreshes the
/// subjects of a partition whose data the store has lost.
/// </summary>
internal sealed class PollerTerm(
    PollSchedule schedule,
    UnstoredReadings unstoredReadings,
    Drift drift,
    PresenceMirror mirror,
    StoreKeys keys,
    IngestMetrics metrics
)
{
    public void Begin()
    {
        mirror.EpochChanged += RefreshLost;
        schedule.Clear();
        unstoredReadings.Clear();
        drift.ForgetReadings();
    }

    public void End()
    {
        mirror.EpochChanged -= RefreshLost;
        metrics.SetWatched(0);
    }

    private void RefreshLost(int partition) => schedule.RefreshWhere(subject => keys.PartitionOf(subject) == partition);
}
