using Azure.Identity;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads a page from Graph and has the answer recorded.</summary>
internal sealed class PresenceIntake(
    PresenceReader reader,
    AnswerRecorder recorder,
    PollSchedule schedule,
    GraphAnswers answers,
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
            answer = await reader.ReadAsync(page, schedule.KnowledgeOf, kind, cancellationToken);
        }
        catch (Exception exception) when (MayBeOfThePage(exception) && !cancellationToken.IsCancellationRequested)
        {
            return new PageRead(page, exception);
        }

        answers.RecordAnswer(answer.Known.Take(GraphAnswers.MaxWitnesses));

        if (answer.IsReadTwice)
        {
            schedule.SecondRead(page);
        }

        await recorder.RecordAsync(page, answer, begun, cancellationToken);
        if (answer.Omitted.Count > 0)
        {
            return new PageRead(answer.Omitted, new PeopleMissingException());
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
            var answer = await reader.ReadAsync([subject], schedule.KnowledgeOf, ReadKind.Probe, cancellationToken);
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
}
