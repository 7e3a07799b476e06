using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hubs;

/// <summary>Tells a refused caller what its token lacks, and audits refused requests to the administration.</summary>
internal sealed class ForbiddenAnswers(AuditedRefusals refusals) : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _others = new();

    public async Task HandleAsync(
        RequestDelegate next,
        HttpContext context,
        AuthorizationPolicy policy,
        PolicyAuthorizationResult authorizeResult
    )
    {
        try
        {
            await (
                authorizeResult.Forbidden
                && authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault() is { } reason
                    ? Problems.Of(StatusCodes.Status403Forbidden, reason.Message).ExecuteAsync(context)
                    : _others.HandleAsync(next, context, policy, authorizeResult)
            );
        }
        finally
        {
            // After the answer, which sets the status. A caller that does not wait for it is audited too.
            if (!authorizeResult.Succeeded)
            {
                refusals.Write(context);
            }
        }
    }
}
