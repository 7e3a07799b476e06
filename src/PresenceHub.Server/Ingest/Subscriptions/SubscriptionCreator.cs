using System.Net;
using Microsoft.Graph.Models.ODataErrors;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Creates a subscription without the subjects that Graph refuses.</summary>
internal sealed class SubscriptionCreator(
    GraphSubscriptions graph,
    RefusedSubjects refused,
    SubscriptionTelemetry telemetry
)
{
    /// <summary>Null when Graph refuses all subjects.</summary>
    public async Task<SubscriptionRecord?> TryCreateAsync(
        IReadOnlyList<SubjectId> subjects,
        DateTimeOffset expiry,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await graph.CreateAsync(subjects, expiry, cancellationToken);
        }
        catch (ODataError error)
            when (error.ResponseStatusCode is (int)HttpStatusCode.InternalServerError
                && RefusedSubjects.NamedBy(error, subjects) is { Count: > 0 } named
            )
        {
            refused.Add(named);
            telemetry.SubjectsRefused(named.Count);
            SubjectId[] others = [.. subjects.Where(subject => !named.Contains(subject))];
            return others.Length is 0 ? null : await graph.CreateAsync(others, expiry, cancellationToken);
        }
    }
}
