using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The subscriptions of an account, for what happens to the account itself.</summary>
internal interface IAccountSubscriptions
{
    /// <summary>Deletes what Graph holds for the account, and what is recorded of it.</summary>
    Task DeleteAllAsync(GraphAccount account, CancellationToken cancellationToken);
}
