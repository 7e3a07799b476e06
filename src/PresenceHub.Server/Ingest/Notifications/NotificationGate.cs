using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Refuses items that Graph has not posted, without reading Redis. Anyone can post, and an accepted item takes room in
/// the queue.
/// </summary>
internal sealed class NotificationGate(
    WebhookKeys keys,
    SubscriptionRegistry registry,
    IOptions<GraphOptions> graph,
    TimeProvider time
)
{
    /// <summary>
    /// Items per second that are accepted although only Redis shows whether they are authentic. Client states of the
    /// version before the webhook key cannot be verified here. The first item of a subscription makes it known on this
    /// node.
    /// </summary>
    internal const int UnknownPerSecond = 20;

    private readonly Lock _gate = new();
    private readonly Guid _tenantId = Guid.Parse(graph.Value.TenantId!);
    private long _secondBegan;
    private int _unknown;

    /// <param name="segment">The last segment of the URL, or null if there is none.</param>
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
    /// Returns null when the item may be authentic, otherwise the reason why it is not. An accepted item is verified
    /// again with the record of its subscription in Redis.
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
