using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Makes a subscription without the subjects that Graph refuses.</summary>
internal sealed class SubscriptionMaker(GraphSubscriptions graph, RefusedSubjects refused, ILogger logger)
{
    /// <summary>Null when Graph refuses all of them.</summary>
    public async Task<SubscriptionRecord?> TryMakeAsync(
        IReadOnlyList<SubjectId> wanted,
        DateTimeOffset expiry,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await graph.CreateAsync(wanted, expiry, cancellationToken);
        }
        catch (ODataError error)
            when (error.ResponseStatusCode is (int)HttpStatusCode.InternalServerError
                && RefusedSubjects.NamedBy(error, wanted) is { Count: > 0 } named
            )
        {
            refused.Add(named);
            logger.SubjectsRefused(named.Count);
            SubjectId[] others = [.. wanted.Where(subject => !named.Contains(subject))];
            return others.Length is 0 ? null : await graph.CreateAsync(others, expiry, cancellationToken);
        }
    }
}
