using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Makes the user of a browser on this machine an administrator. It exists only while Graph is emulated.
/// </summary>
internal static class DevelopmentSignIn
{
    public static async Task<IResult> SignInAsync(HttpContext context, IOptions<GraphOptions> options)
    {
        if (!LocalRequest.IsDirect(context))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden,
                "Only from a browser on the machine itself, without a proxy"
            );
        }

        var identity = new ClaimsIdentity(
            [
                new Claim(Administrators.RoleClaim, Administrators.Role),
                new Claim(Administrators.TenantClaim, options.Value.TenantId!),
            ],
            Administrators.CookieScheme
        );
        await context.SignInAsync(Administrators.CookieScheme, new ClaimsPrincipal(identity));
        return TypedResults.Redirect($"{context.Request.PathBase}/admin/accounts");
    }
}
