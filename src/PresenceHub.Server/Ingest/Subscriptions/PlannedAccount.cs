using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>An account of the <see cref="PlannedAccounts"/>, with its subscription.</summary>
internal sealed class PlannedAccount(GraphAccount account, AccountSubscription subscription)
{
    public GraphAccount Account => account;

    public AccountSubscription Subscription => subscription;
}
