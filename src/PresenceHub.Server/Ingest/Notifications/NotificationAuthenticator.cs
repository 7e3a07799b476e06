using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Finds the subscription that an item belongs to, by what the item proves without being opened.</summary>
internal sealed class NotificationAuthenticator(
    SubscriptionRegistry registry,
    IOptions<GraphOptions> graph,
    IngestMetrics metrics
)
{
    /// <summary>
    /// Graph posts what we subscribed to; a POST with invented ids does not have each of them looked up.
    /// </summary>
    private const int MaxUnknownSubscriptions = 4;

    /// <summary>
    /// The subscription of an item; null, and counted, when the item does not prove that it belongs to one.
    /// </summary>
    /// <param name="lookups">What was looked up for this POST so far.</param>
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
