using System.Security.Claims;
using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.WatchLists;

/// <summary>The watcher of a token: its tenant and its object id, or its subject if it has no object id.</summary>
internal sealed class WatcherClaims : IUserIdProvider
{
    public const string RoleClaim = "roles";

    public static bool TryRead(ClaimsPrincipal? user, out Watcher watcher)
    {
        watcher = default;
        var id = user?.FindFirstValue("oid") ?? user?.FindFirstValue("sub");
        if (string.IsNullOrEmpty(id) || !Guid.TryParse(user!.FindFirstValue("tid"), out var tenantId))
        {
            return false;
        }

        watcher = new Watcher(tenantId, id);
        return true;
    }

    /// <summary>The app roles of a token.</summary>
    public static IEnumerable<string> RolesOf(ClaimsPrincipal? user) =>
        user?.FindAll(RoleClaim).Select(role => role.Value) ?? [];

    public string? GetUserId(HubConnectionContext connection) =>
        TryRead(connection.User, out var watcher) ? watcher.Id : null;
}
