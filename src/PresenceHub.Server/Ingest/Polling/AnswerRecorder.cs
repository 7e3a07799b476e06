using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Stores what Graph has answered to a read of a page, and gives its subjects back to the schedule.</summary>
internal sealed class AnswerRecorder(
    PresenceStore store,
    UnknownPeople unknown,
    UnstoredReadings unstoredReadings,
    PollSchedule schedule,
    Drift drift,
    IngestMetrics metrics
)
{
    /// <summary>Subjects that are unreadable or omitted in the answer stay in flight.</summary>
    /// <param name="page">The subjects that were read.</param>
    /// <param name="answer">What Graph has answered.</param>
    /// <param name="begun">When the read began.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task RecordAsync(
        IReadOnlyList<SubjectId> page,
        PresenceAnswer answer,
        long begun,
        CancellationToken cancellationToken
    )
    {
        var (observations, unstored) = await unknown.SortAsync(answer.Observations, cancellationToken);
        var outcomes = await store.ApplyAsync(observations, cancellationToken);
        drift.Polled(observations, outcomes, begun);
        metrics.Observed(ObservationSource.Poll, outcomes);

        var unread = page.Except(answer.Unreadable).Except(answer.Omitted).ToHashSet();
        var (confirmed, ambiguous) = (new List<SubjectId>(unread.Count), new List<SubjectId>());
        var missing = new List<SubjectId>();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is ApplyOutcome.Unavailable)
            {
                // Retried until its partition takes it; those of the other partitions keep their pace.
                continue;
            }

            var subject = observations[i].Subject;
            unread.Remove(subject);
            if (outcomes[i] is ApplyOutcome.Ambiguous)
            {
                ambiguous.Add(subject);
            }
            else if (observations[i].IsKnown)
            {
                confirmed.Add(subject);
            }
            else
            {
                unstoredReadings.Remove(subject);
                missing.Add(subject);
            }
        }

        foreach (var observation in unstored)
        {
            unread.Remove(observation.Subject);
            missing.Add(observation.Subject);
        }

        schedule.ConfirmUnknown(missing);

        // Afterwards: a subject that is watched from now on is either kept here, or new to the schedule and read.
        foreach (var observation in unstored)
        {
            unstoredReadings.Add(observation);
        }

        schedule.RetryAmbiguous(ambiguous);
        schedule.Retry(unread, TimeSpan.Zero);
        schedule.Confirm(confirmed);
    }
}
