using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The subscriptions of an account, for the removal of the account.</summary>
internal interface IAccountSubscriptions
{
    /// <summary>Deletes the subscriptions of the account at Graph, and their records.</summary>
    Task DeleteAllAsync(GraphAccount account, CancellationToken cancellationToken);
}
