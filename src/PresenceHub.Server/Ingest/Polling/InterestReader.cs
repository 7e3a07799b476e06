using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads the leases of watched subjects, and stores the readings that waited for a lease.</summary>
internal sealed class InterestReader(
    InterestLeases interest,
    WatchedSubjects watched,
    PollSchedule schedule,
    UnknownNotices notices,
    UnstoredReadings unstoredReadings,
    PresenceStore store,
    IngestMetrics metrics
)
{
    public async Task ReadOnceAsync(CancellationToken cancellationToken)
    {
        var asOf = watched.Now;
        var leases = await interest.ReadAllAsync(cancellationToken);
        schedule.AssumeUnknown(notices.UnknownOf(leases));
        watched.SetHeld(leases, asOf);
        var (counts, unstored) = (schedule.Counts, unstoredReadings.TakeHeld());
        metrics.SetWatched(watched.Count, counts.Unknown, counts.Quarantined);
        try
        {
            var outcomes = await store.ApplyAsync(unstored, cancellationToken);
            metrics.Observed(ObservationSource.Poll, outcomes);
            var left = unstored.Where((_, i) => outcomes[i] is ApplyOutcome.Ambiguous or ApplyOutcome.Unavailable);
            schedule.Refresh(left.Select(observation => observation.Subject));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            schedule.Refresh(unstored.Select(observation => observation.Subject));
            throw;
        }
    }
}
