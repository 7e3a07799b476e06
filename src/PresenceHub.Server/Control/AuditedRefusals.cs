using System.Globalization;
using System.Security.Claims;

namespace PresenceHub.Server.Control;

/// <summary>
/// Audits requests for administration that are refused because the caller is not an administrator. Any caller can send
/// such requests, so at most one line a minute is written for anonymous callers and one for others, with the number of
/// lines left out.
/// </summary>
internal sealed class AuditedRefusals(Audit audit, TimeProvider time)
{
    private const string Anonymous = "anonymous";

    private readonly LogLimit _anonymous = new(time);
    private readonly LogLimit _known = new(time);

    /// <summary>Audits a request that was refused before its endpoint ran, if the endpoint is audited.</summary>
    /// <param name="context">The request, which has been answered.</param>
    public void Write(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<AuditedAct>() is { } act)
        {
            var actor = IdOf(context.User) is { } id ? audit.Name("caller", id) : Anonymous;
            Write(
                act.Name,
                actor,
                "nothing",
                string.Create(CultureInfo.InvariantCulture, $"refused ({context.Response.StatusCode})")
            );
        }
    }

    /// <inheritdoc cref="Audit.Write"/>
    public void Write(string act, string actor, string target, string outcome)
    {
        if ((actor is Anonymous ? _anonymous : _known).TryTake(out var others))
        {
            audit.Write(
                act,
                actor,
                target,
                string.Create(CultureInfo.InvariantCulture, $"{outcome}, and {others} others since the last such line")
            );
        }
    }

    private static string? IdOf(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true } ? (user.FindFirst("oid") ?? user.FindFirst("sub"))?.Value : null;
}
