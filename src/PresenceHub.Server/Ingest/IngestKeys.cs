using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest;

/// <summary>Names of what Ingest keeps in Redis.</summary>
internal sealed class IngestKeys(IOptions<StoreOptions> options)
{
    private readonly string _prefix = options.Value.KeyPrefix;

    /// <summary>String: id of the node that reads Graph. Expires 15 seconds after its last renewal.</summary>
    public RedisKey Leader => $"{_prefix}:ingest:leader";

    /// <summary>Channel: id of a subscription and the lifecycle event that Graph told of.</summary>
    public RedisChannel Lifecycle => RedisChannel.Literal($"{_prefix}:ingest:lifecycle");

    /// <summary>String: JSON of a <see cref="Subscriptions.SubscriptionRecord"/>. Expires four hours after the subscription: Graph may deliver that late.</summary>
    public RedisKey Subscription(Guid subscriptionId) => $"{_prefix}:ingest:subscription:{subscriptionId:N}";
}
