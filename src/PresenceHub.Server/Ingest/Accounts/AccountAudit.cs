using System.Globalization;
using System.Security.Claims;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Writes audit lines for the actions of administrators on accounts, and for refused attempts.</summary>
internal sealed class AccountAudit(Audit audit, AuditedRefusals refusals)
{
    /// <summary>Returns a filter for an endpoint whose caller is identified by a token or cookie.</summary>
    public static Func<EndpointFilterInvocationContext, EndpointFilterDelegate, ValueTask<object?>> Of(string act) =>
        (context, next) => For(context).WriteAsync(act, context, next);

    /// <summary>
    /// Sets the actor of a request that is authorized by a one-time secret of an administrator. Otherwise the caller is
    /// anonymous, and refused requests are logged once a minute.
    /// </summary>
    public static void SetActor(HttpContext context, string kind, string id) => PartsOf(context).Actor = (kind, id);

    /// <summary>Sets the target of the request.</summary>
    public static void SetTarget(HttpContext context, string kind, string id) => PartsOf(context).Target = (kind, id);

    private static AccountAudit For(EndpointFilterInvocationContext context) =>
        context.HttpContext.RequestServices.GetRequiredService<AccountAudit>();

    private static Parts PartsOf(HttpContext context)
    {
        if (context.Features.Get<Parts>() is not { } parts)
        {
            context.Features.Set(parts = new Parts());
        }

        return parts;
    }

    private static (string Kind, string Id)? AdministratorOf(ClaimsPrincipal user) =>
        user.Identity is { IsAuthenticated: true }
            ? ("administrator", (user.FindFirst("oid") ?? user.FindFirst("sub"))?.Value ?? "local")
            : null;

    private static string OutcomeOf(object? result) =>
        result is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest and var status }
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{(status < StatusCodes.Status500InternalServerError ? "refused" : "failed")} ({status})"
            )
            : "done";

    private async ValueTask<object?> WriteAsync(
        string act,
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var outcome = "failed";
        try
        {
            var result = await next(context);
            outcome = OutcomeOf(result);
            return result;
        }
        catch (Exception exception)
        {
            outcome = $"failed ({exception.GetType().Name})";
            throw;
        }
        finally
        {
            Write(act, context.HttpContext, outcome);
        }
    }

    private void Write(string act, HttpContext context, string outcome)
    {
        var parts = PartsOf(context);
        var target = NameOf(parts.Target) ?? "nothing";
        if ((parts.Actor ?? AdministratorOf(context.User)) is { } actor)
        {
            audit.Write(act, audit.Name(actor.Kind, actor.Id), target, outcome);
        }
        else
        {
            refusals.Write(act, "anonymous", target, outcome);
        }
    }

    private string? NameOf((string Kind, string Id)? named) =>
        named is { } name ? audit.Name(name.Kind, name.Id) : null;

    private sealed class Parts
    {
        public (string Kind, string Id)? Actor { get; set; }

        public (string Kind, string Id)? Target { get; set; }
    }
}
