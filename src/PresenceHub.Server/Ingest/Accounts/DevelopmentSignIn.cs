using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Makes whoever sits at the machine an administrator. It exists only while Graph is simulated.</summary>
internal static class DevelopmentSignIn
{
    public static async Task<IResult> SignInAsync(HttpContext context, IOptions<GraphOptions> options)
    {
        // The host too: a proxy on this machine, or a name made to point at it, speaks for somebody elsewhere.
        if (context.Connection.RemoteIpAddress is not { } remote || !IPAddress.IsLoopback(remote)
            || context.Request.Host.Host is not ("localhost" or "127.0.0.1" or "[::1]"))
        {
            return AccountProblems.Forbidden("Only on the machine itself");
        }

        var identity = new ClaimsIdentity(
            [new Claim(Administrators.RoleClaim, Administrators.Role), new Claim(Administrators.TenantClaim, options.Value.TenantId!)], Administrators.CookieScheme);
        await context.SignInAsync(Administrators.CookieScheme, new ClaimsPrincipal(identity));
        return TypedResults.Redirect("/admin/accounts");
    }
}
