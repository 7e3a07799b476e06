using System.Net;
using System.Text.Json;
using Microsoft.Graph.Communications.GetPresencesByUserId;
using Microsoft.Graph.Models.ODataErrors;
using Microsoft.Kiota.Abstractions.Serialization;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Asks Graph for the presence of many people at once. Its answer may come in any order, with people missing
/// or repeated.</summary>
internal sealed class PresenceReader(GraphClients graph, StoreClock clock, IngestMetrics metrics)
{
    /// <summary>Graph's limit for one request.</summary>
    public const int MaxPageSize = 650;

    /// <summary>Kiota's key for the errors of every status.</summary>
    private const string AnyErrorStatus = "XXX";

    /// <summary>How errors are read.</summary>
    private static readonly Dictionary<string, ParsableFactory<IParsable>> Errors = new()
    {
        [AnyErrorStatus] = ODataError.CreateFromDiscriminatorValue,
    };

    /// <param name="subjects">At most <see cref="MaxPageSize"/>.</param>
    /// <param name="knowledgeOf">What Graph said last. For one that it did not know, being missing once more is
    /// enough.</param>
    /// <param name="kind">What becomes of a request that fails.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public async Task<PresenceAnswer> ReadAsync(
        IReadOnlyList<SubjectId> subjects,
        Func<SubjectId, Knowledge> knowledgeOf,
        ReadKind kind,
        CancellationToken cancellationToken
    )
    {
        var observations = new List<Observation>(subjects.Count);
        var begunAt = clock.Now;
        var (missing, isComplete) = await ReadOnceAsync(subjects, observations, kind, cancellationToken);
        if (missing.Count == subjects.Count && !isComplete)
        {
            throw new InvalidDataException("Graph answered with presences of other subjects than the requested ones");
        }

        if (isComplete)
        {
            var stillUnknown = missing.FindAll(subject => knowledgeOf(subject) is Knowledge.Unknown);
            observations.AddRange(stillUnknown.Select(subject => Observation.OfUnknownPerson(subject, begunAt)));
            missing.RemoveAll(subject => knowledgeOf(subject) is Knowledge.Unknown);
        }

        if (missing.Count is 0)
        {
            return new PresenceAnswer(observations, []);
        }

        try
        {
            // An answer that omits a subject once is no proof that Graph does not know the person.
            begunAt = clock.Now;
            (missing, var isSecondComplete) = await ReadOnceAsync(missing, observations, kind, cancellationToken);
            if (!isSecondComplete)
            {
                return new PresenceAnswer(observations, missing, IsReadTwice: true);
            }

            if (isComplete)
            {
                var omitted = OmittedOf(subjects, missing, knowledgeOf, kind);
                observations.AddRange(
                    missing.Except(omitted).Select(subject => Observation.OfUnknownPerson(subject, begunAt))
                );
                return new PresenceAnswer(observations, [], IsReadTwice: true) { Omitted = omitted };
            }
        }
        catch (Exception) when (observations.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            // What was read counts; the missing ones are read again with a later page, which tells of the failure if it
            // lasts.
        }

        return new PresenceAnswer(observations, [], IsReadTwice: true);
    }

    private static SubjectId[] OmittedOf(
        IReadOnlyList<SubjectId> subjects,
        IReadOnlyList<SubjectId> missing,
        Func<SubjectId, Knowledge> knowledgeOf,
        ReadKind kind
    )
    {
        SubjectId[] lost = [.. missing.Where(subject => knowledgeOf(subject) is Knowledge.Known)];
        var isSuspect = kind switch
        {
            ReadKind.Confirmation => false,
            ReadKind.MissingPart => true,
            _ => 2 * lost.Length > subjects.Count(subject => knowledgeOf(subject) is Knowledge.Known),
        };
        return isSuspect ? lost : [];
    }

    /// <summary>Adds what one request brings. Returns who is missing, and whether that says anything.</summary>
    private async Task<(List<SubjectId> Missing, bool IsComplete)> ReadOnceAsync(
        IReadOnlyList<SubjectId> subjects,
        List<Observation> observations,
        ReadKind kind,
        CancellationToken cancellationToken
    )
    {
        var begunAt = clock.Now;
        var presences = await AskAsync(subjects, kind, cancellationToken);
        metrics.ObservationRefused(ObservationSource.Poll, presences.Unreadable);
        var missing = new List<SubjectId>();
        foreach (var subject in subjects)
        {
            if (!presences.TryGet(subject, out var presence))
            {
                missing.Add(subject);
            }
            else if (Observation.IsToken(presence.Availability) && Observation.IsToken(presence.Activity))
            {
                var sequenceNumber = Observation.IsToken(presence.SequenceNumber) ? presence.SequenceNumber : null;
                observations.Add(
                    new Observation(
                        subject,
                        presence.Availability!,
                        presence.Activity!,
                        sequenceNumber,
                        begunAt,
                        ObservationSource.Poll
                    )
                );
            }
            else
            {
                metrics.ObservationRefused(ObservationSource.Poll);
            }
        }

        return (missing, presences.IsComplete);
    }

    private async Task<PresenceList> AskAsync(
        IReadOnlyList<SubjectId> subjects,
        ReadKind kind,
        CancellationToken cancellationToken
    )
    {
        var body = new GetPresencesByUserIdPostRequestBody
        {
            Ids = [.. subjects.Select(subject => subject.ToString())],
        };
        var request = graph.Application.Communications.GetPresencesByUserId.ToPostRequestInformation(body);
        if (kind is ReadKind.Part or ReadKind.MissingPart or ReadKind.Probe)
        {
            request.AddRequestOptions([SingleAttempt.Instance]);
        }

        if (kind is ReadKind.Part or ReadKind.MissingPart or ReadKind.SuspectPage)
        {
            request.AddRequestOptions([SuspectRequest.Instance]);
        }

        var token = graph.Credential.Generation;
        try
        {
            await using var answer = await graph.Application.RequestAdapter.SendPrimitiveAsync<Stream>(
                request,
                Errors,
                cancellationToken
            ) ?? throw new InvalidDataException("Graph answered without a body");
            using var document = await JsonDocument.ParseAsync(answer, default, cancellationToken);
            return PresenceList.Parse(document.RootElement);
        }
        catch (ODataError error) when (error.ResponseStatusCode is (int)HttpStatusCode.Unauthorized)
        {
            // Revoked before its time: the next read brings a new one.
            graph.Credential.Forget(token);
            throw;
        }
    }
}
