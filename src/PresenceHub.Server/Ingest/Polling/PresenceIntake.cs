using Azure.Identity;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads a page from Graph, stores it and gives its subjects back to the schedule.</summary>
internal sealed class PresenceIntake(
    PresenceReader reader,
    PresenceStore store,
    UnknownPeople unknown,
    PollSchedule schedule,
    GraphAnswers answers,
    Drift drift,
    IngestMetrics metrics,
    TimeProvider time
)
{
    /// <summary>
    /// A failure that may be the fault of a subject in the page is returned; any other, such as throttling, a lost
    /// sign-in or a store that is away, is thrown, and the page stays in flight.
    /// </summary>
    public async Task<PageRead> ReadAsync(
        IReadOnlyList<SubjectId> page,
        ReadKind kind,
        CancellationToken cancellationToken
    )
    {
        var begun = time.GetTimestamp();
        PresenceAnswer answer;
        try
        {
            answer = await reader.ReadAsync(page, KnowledgeOf, kind, cancellationToken);
        }
        catch (Exception exception) when (MayBeOfThePage(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new PageRead(page, exception);
        }

        answers.Came(answer.Known.Take(GraphAnswers.MaxWitnesses));

        if (answer.IsReadTwice)
        {
            schedule.SecondRead();
        }

        await StoreAsync(page, answer, begun, cancellationToken);
        if (answer.Doubtful.Count > 0)
        {
            return new PageRead(answer.Doubtful, new PeopleMissingException());
        }

        return answer.Unreadable.Count is 0
            ? PageRead.Complete
            : new PageRead(
                answer.Unreadable,
                new InvalidDataException("Graph answered with presences without a subject")
            );
    }

    /// <summary>Whether Graph answers a read of this subject. Stores nothing.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="isWitness">Graph knew the subject: an answer without it is none.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<bool> TryProbeAsync(SubjectId subject, bool isWitness, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await reader.ReadAsync([subject], KnowledgeOf, ReadKind.Probe, cancellationToken);
            return answer.Unreadable.Count is 0 && (!isWitness || answer.Known.Any());
        }
        catch (Exception exception) when (MayBeOfThePage(exception) && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static bool MayBeOfThePage(Exception exception) =>
        exception
            is not (
                GraphThrottledException
                or AuthenticationFailedException
                or ODataError { ResponseStatusCode: 401 or 429 }
            );

    private Knowledge KnowledgeOf(SubjectId subject) => schedule.StateOf(subject).Knowledge;

    private async Task StoreAsync(
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

        var unread = page.Except(answer.Unreadable).Except(answer.Doubtful).ToHashSet();
        var (confirmed, ambiguous) = (new List<SubjectId>(unread.Count), new List<SubjectId>());
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] is ApplyOutcome.Unavailable)
            {
                // Read again until its partition takes it; those of the other partitions keep their pace.
                continue;
            }

            unread.Remove(observations[i].Subject);
            if (outcomes[i] is ApplyOutcome.Ambiguous)
            {
                ambiguous.Add(observations[i].Subject);
            }
            else if (observations[i].IsKnown)
            {
                confirmed.Add(observations[i].Subject);
            }
            else
            {
                schedule.ConfirmUnknown(observations[i], isStored: true);
            }
        }

        foreach (var observation in unstored)
        {
            unread.Remove(observation.Subject);
            schedule.ConfirmUnknown(observation, isStored: false);
        }

        schedule.ReadAgain(ambiguous);
        schedule.Retry(unread, TimeSpan.Zero);
        schedule.Confirm(confirmed);
    }
}
