namespace PresenceHub.Server.WatchLists;

/// <summary>The tenant whose users can be watched: <c>Graph:TenantId</c>.</summary>
internal sealed record HubTenant(Guid Id);
