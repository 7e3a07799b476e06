namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>An account that an administrator has connected.</summary>
/// <param name="Name">Its user name, for the administrator's eyes.</param>
/// <param name="HomeAccountId">Name of its tokens in the cache.</param>
internal sealed record ConnectedAccount(Guid UserId, string Name, string HomeAccountId, DateTimeOffset ConnectedAt);
