using System.Globalization;
using System.Security.Claims;

namespace PresenceHub.Server.Control;

/// <summary>
/// Audits requests of administration that are refused before their endpoint runs. Any caller can make such requests, so each status is
/// written once a minute with the number of the others.
/// </summary>
internal sealed class AuditedRefusals(Audit audit, TimeProvider time)
{
    private readonly LogLimit _unauthorized = new(time);
    private readonly LogLimit _forbidden = new(time);
    private readonly LogLimit _others = new(time);

    /// <summary>Writes a line if the endpoint of the request is audited.</summary>
    /// <param name="context">The request, which has been answered.</param>
    public void Write(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (context.GetEndpoint()?.Metadata.GetMetadata<AuditedAct>() is not { } act || !LimitOf(status).TryTake(out var others))
        {
            return;
        }

        audit.Write(
            act.Name,
            IdOf(context.User) is { } id ? audit.Name("caller", id) : "anonymous",
            "nothing",
            string.Create(CultureInfo.InvariantCulture, $"refused ({status}), and {others} others since the last such line"));
    }

    private static string? IdOf(ClaimsPrincipal user) => user.Identity is { IsAuthenticated: true }
        ? (user.FindFirst("oid") ?? user.FindFirst("sub"))?.Value
        : null;

    private LogLimit LimitOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => _unauthorized,
        StatusCodes.Status403Forbidden => _forbidden,
        _ => _others,
    };
}
