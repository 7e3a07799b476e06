using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Finds the subscription that an item belongs to, without decrypting the item.</summary>
internal sealed class NotificationAuthenticator(
    SubscriptionRegistry registry,
    IOptions<GraphOptions> graph,
    IngestMetrics metrics
)
{
    /// <summary>
    /// Graph posts only for subscriptions of the hub. A POST with made-up ids must not cause a lookup for each of them.
    /// </summary>
    private const int MaxUnknownSubscriptions = 4;

    /// <summary>
    /// Returns the subscription of an item. An item that does not prove its origin is counted, and the result is null.
    /// </summary>
    /// <param name="lookups">The results of earlier lookups for the same POST.</param>
    /// <exception cref="StackExchange.Redis.RedisException">The server cannot be reached.</exception>
    public async ValueTask<SubscriptionRecord?> AuthenticateAsync(
        ChangeNotification item,
        Dictionary<string, SubscriptionRecord?> lookups,
        CancellationToken cancellationToken
    )
    {
        SubscriptionRecord? record = null;
        if (
            Guid.TryParse(item.SubscriptionId, out var id)
            && !lookups.TryGetValue(item.SubscriptionId, out record)
            && lookups.Values.Count(found => found is null) < MaxUnknownSubscriptions
        )
        {
            lookups[item.SubscriptionId] = record = await registry.TryGetAsync(id, cancellationToken);
        }

        if (
            ClientState.Matches(record?.ClientStateHash, item.ClientState)
            && Guid.TryParse(item.TenantId, out var tenantId)
            && tenantId == Guid.Parse(graph.Value.TenantId!)
        )
        {
            return record;
        }

        metrics.Notified(record is null ? "unknownSubscription" : "forged");
        return null;
    }
}
