namespace PresenceHub.Server.WatchLists;

/// <summary>The signed-in user who watches.</summary>
/// <param name="TenantId">From the token, never from an argument.</param>
/// <param name="Id">Entra object id, or the token's subject where there is none.</param>
internal readonly record struct Watcher(Guid TenantId, string Id);
