using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest;

/// <summary>Names of what Ingest keeps in Redis.</summary>
internal sealed class IngestKeys(RedisNames names)
{
    private readonly string _prefix = names.KeyPrefix;
    private readonly string _channelPrefix = names.ChannelPrefix + names.KeyPrefix;

    /// <summary>String: id of the node that reads Graph. Expires 15 seconds after its last renewal.</summary>
    public RedisKey Leader => $"{_prefix}:ingest:leader";

    /// <summary>Channel: id of a subscription and the lifecycle event that Graph told of.</summary>
    public RedisChannel Lifecycle => RedisChannel.Literal($"{_channelPrefix}:ingest:lifecycle");

    /// <summary>Hash: JSON of a <see cref="Ingest.Accounts.ConnectedAccount"/> by user id.</summary>
    public RedisKey Accounts => $"{_prefix}:ingest:accounts";

    /// <summary>String: JSON list of <see cref="Ingest.Accounts.AccountHealth"/>. Written by the leader, expires a
    /// minute later.</summary>
    public RedisKey AccountHealth => $"{_prefix}:ingest:accounts:health";

    /// <summary>List: the keys that seal tokens and cookies, as ASP.NET Data Protection writes them.</summary>
    public RedisKey ProtectionKeys => $"{_prefix}:ingest:protection-keys";

    /// <summary>String: sealed tokens of a connected account. Expires after 90 days without use.</summary>
    public RedisKey AccountTokens(string homeAccountId) => $"{_prefix}:ingest:accounts:tokens:{homeAccountId}";

    /// <summary>String: empty, until a link to connect an account is used. Expires after ten minutes.</summary>
    public RedisKey ConnectTicket(string ticket) => $"{_prefix}:ingest:accounts:ticket:{ticket}";

    /// <summary>String: empty, until a browser comes back from the authority. Expires after ten minutes.</summary>
    public RedisKey SignInState(string state) => $"{_prefix}:ingest:accounts:state:{state}";

    /// <summary>String: id of the certificate for new subscriptions. Expires 30 hours after that was made.</summary>
    public RedisKey CurrentCertificate => $"{_prefix}:ingest:certificate";

    /// <summary>String: JSON of a <see cref="Subscriptions.StoredCertificate"/>. Expires after 30 hours.</summary>
    public RedisKey Certificate(string id) => $"{_prefix}:ingest:certificate:{id}";

    /// <summary>String: JSON of a <see cref="Subscriptions.StoredWebhookKey"/>. Does not expire.</summary>
    public RedisKey WebhookKey => $"{_prefix}:ingest:webhook-key";

    /// <summary>Channel: 16 bytes of a subscription's id, then 16 of each subject that it has brought a notification
    /// of.</summary>
    public RedisChannel Notified => RedisChannel.Literal($"{_channelPrefix}:ingest:notified");

    /// <summary>String: JSON of a <see cref="Coverage.SubscriptionRecord"/>. Expires four hours after the subscription:
    /// Graph may deliver that late.</summary>
    public RedisKey Subscription(Guid subscriptionId) => $"{_prefix}:ingest:subscription:{subscriptionId:N}";
}
