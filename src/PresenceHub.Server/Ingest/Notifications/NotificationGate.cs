using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Keeps out what Graph has not posted, with what this node knows and without asking Redis: anyone can post here, and
/// what is let in takes room in the queue.
/// </summary>
internal sealed class NotificationGate(
    WebhookKeys keys,
    SubscriptionRegistry registry,
    IOptions<GraphOptions> graph,
    TimeProvider time
)
{
    /// <summary>
    /// Items a second that are let in although only Redis knows whether they are authentic. The version before the key
    /// made client states that nothing can be derived from; the first item of each subscription makes it known here.
    /// </summary>
    internal const int UnknownPerSecond = 20;

    private readonly Lock _gate = new();
    private readonly Guid _tenantId = Guid.Parse(graph.Value.TenantId!);
    private long _secondBegan;
    private int _unknown;

    /// <param name="segment">The last segment of the URL; null without one.</param>
    public GateAnswer Check(string? segment)
    {
        if (keys.Current is null)
        {
            return GateAnswer.NotReady;
        }

        if (segment is not null)
        {
            return keys.IsSegment(segment) ? GateAnswer.Open : GateAnswer.Closed;
        }

        return keys.AcceptsPathWithoutSegment ? GateAnswer.OpenToFormerVersion : GateAnswer.Closed;
    }

    /// <summary>
    /// Null when the item may be authentic, otherwise what is wrong with it. What is let in is verified once more: by
    /// then Redis was asked for the subscription.
    /// </summary>
    public string? FindFlaw(in ItemProof proof, GateAnswer answer)
    {
        if (!Guid.TryParse(proof.SubscriptionId, out var id))
        {
            return "unknownSubscription";
        }

        if (!Guid.TryParse(proof.TenantId, out var tenantId) || tenantId != _tenantId || proof.ClientState is null)
        {
            return "forged";
        }

        if (registry.TryGetKnown(id) is { } known)
        {
            return ClientState.Matches(known.ClientStateHash, proof.ClientState) ? null : "forged";
        }

        return keys.IsClientState(proof.ClientState) || (answer is GateAnswer.OpenToFormerVersion && TryTakeUnknown())
            ? null
            : "unknownSubscription";
    }

    private bool TryTakeUnknown()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_secondBegan) >= TimeSpan.FromSeconds(1))
            {
                (_secondBegan, _unknown) = (time.GetTimestamp(), 0);
            }

            return _unknown < UnknownPerSecond && ++_unknown > 0;
        }
    }
}
