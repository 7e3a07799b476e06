namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>An account that an administrator has connected.</summary>
/// <param name="Name">The user name, which is shown to administrators.</param>
/// <param name="HomeAccountId">The key of its tokens in the cache.</param>
internal sealed record ConnectedAccount(Guid UserId, string Name, string HomeAccountId, DateTimeOffset ConnectedAt);
