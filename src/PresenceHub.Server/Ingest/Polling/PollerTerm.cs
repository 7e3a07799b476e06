using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>What a node knows of subjects while it leads: forgotten when a term begins, and what is lost with a
/// partition of the store.</summary>
internal sealed class PollerTerm(
    PollSchedule schedule,
    UnstoredReadings unstoredReadings,
    Drift drift,
    PresenceMirror mirror,
    StoreKeys keys,
    IngestMetrics metrics
)
{
    /// <summary>Has the subjects of a partition refreshed when the store has lost it.</summary>
    public void FollowLosses() =>
        mirror.EpochChanged += partition => schedule.RefreshWhere(subject => keys.PartitionOf(subject) == partition);

    public void Begin()
    {
        schedule.Clear();
        unstoredReadings.Clear();
        drift.ForgetReadings();
    }

    public void End() => metrics.SetWatched(0);
}
