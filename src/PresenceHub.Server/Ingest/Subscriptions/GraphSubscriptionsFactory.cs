using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Creates the <see cref="GraphSubscriptions"/> of an account.</summary>
internal sealed class GraphSubscriptionsFactory(
    GraphClients clients,
    DelegatedTokens tokens,
    EncryptionCertificates certificates,
    WebhookKeyStore webhook,
    IOptions<GraphOptions> options,
    IOptions<NotificationOptions> notifications
)
{
    public GraphSubscriptions Create(GraphAccount account)
    {
        var encryption = notifications.Value.IncludeResourceData ? certificates : null;
        return new GraphSubscriptions(account, clients, tokens, encryption, webhook, options.Value);
    }
}
