using System.Net;
using Microsoft.Graph.Communications.GetPresencesByUserId;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Asks Graph for the presence of many people at once. Its answer may come in any order, with people missing or repeated.</summary>
internal sealed class PresenceReader(GraphClients graph, StoreClock clock, IngestMetrics metrics)
{
    /// <summary>Graph's limit for one request.</summary>
    public const int MaxPageSize = 650;

    /// <summary>Observations of the subjects, at most one each. A subject without one was not readable this time.</summary>
    public async Task<IReadOnlyList<Observation>> ReadAsync(IReadOnlyList<SubjectId> subjects, CancellationToken cancellationToken)
    {
        var observations = new List<Observation>(subjects.Count);
        var missing = await ReadPageAsync(subjects, observations, cancellationToken);
        if (missing.Count is 0)
        {
            return observations;
        }

        try
        {
            // An answer that leaves somebody out once is no proof that Graph does not know the person.
            var begunAt = clock.Now;
            missing = await ReadPageAsync(missing, observations, cancellationToken);
            observations.AddRange(missing.Select(subject => Observation.OfUnknownPerson(subject, begunAt)));
        }
        catch (Exception) when (observations.Count > 0 && !cancellationToken.IsCancellationRequested)
        {
            // What was read counts; the missing ones are read again with a later page, which tells of the failure if it lasts.
        }

        return observations;
    }

    private async Task<List<SubjectId>> ReadPageAsync(IReadOnlyList<SubjectId> subjects, List<Observation> observations, CancellationToken cancellationToken)
    {
        var begunAt = clock.Now;
        var body = new GetPresencesByUserIdPostRequestBody { Ids = [.. subjects.Select(subject => subject.ToString())] };
        var answer = await AskAsync(body, cancellationToken);
        if (answer?.Value is not { } presences)
        {
            // Not the same as an empty list: without one, nothing is said about anybody.
            throw new InvalidDataException("Graph answered without a list of presences");
        }

        var read = new Dictionary<SubjectId, Presence>(presences.Count);
        foreach (var presence in presences)
        {
            if (SubjectId.TryParse(presence?.Id, out var subject) && (!read.TryGetValue(subject, out var other) || IsLater(presence!, other)))
            {
                read[subject] = presence!;
            }
        }

        var missing = new List<SubjectId>();
        foreach (var subject in subjects)
        {
            if (!read.TryGetValue(subject, out var presence))
            {
                missing.Add(subject);
            }
            else if (Observation.IsToken(presence.Availability) && Observation.IsToken(presence.Activity))
            {
                var sequenceNumber = Observation.IsToken(presence.SequenceNumber) ? presence.SequenceNumber : null;
                observations.Add(new Observation(subject, presence.Availability!, presence.Activity!, sequenceNumber, begunAt, ObservationSource.Poll));
            }
            else
            {
                metrics.ObservationRefused(ObservationSource.Poll);
            }
        }

        return missing;
    }

    private async Task<GetPresencesByUserIdPostResponse?> AskAsync(GetPresencesByUserIdPostRequestBody body, CancellationToken cancellationToken)
    {
        var token = graph.Credential.Generation;
        try
        {
            return await graph.Application.Communications.GetPresencesByUserId
                .PostAsGetPresencesByUserIdPostResponseAsync(body, cancellationToken: cancellationToken);
        }
        catch (ODataError error) when (error.ResponseStatusCode is (int)HttpStatusCode.Unauthorized)
        {
            // Revoked before its time: the next read brings a new one.
            graph.Credential.Forget(token);
            throw;
        }
    }

    private static bool IsLater(Presence presence, Presence other) =>
        string.CompareOrdinal(presence.SequenceNumber, other.SequenceNumber) > 0;
}
