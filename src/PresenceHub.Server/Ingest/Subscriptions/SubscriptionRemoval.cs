using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Deletes the subscriptions of a removed account.</summary>
internal sealed class SubscriptionRemoval(GraphSubscriptionsFactory graph, SubscriptionRegistry records)
    : IAccountSubscriptions
{
    public async Task DeleteAllAsync(GraphAccount account, CancellationToken cancellationToken)
    {
        var subscriptions = graph.Create(account);
        foreach (var id in await subscriptions.ListAsync(cancellationToken))
        {
            await subscriptions.DeleteAsync(id, cancellationToken);
            await records.RemoveAsync(id, cancellationToken);
        }
    }
}
