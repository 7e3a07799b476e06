using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hubs;

/// <summary>Tells a caller that is refused what its token lacks, and has what is refused of the administration
/// audited.</summary>
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
        await (
            authorizeResult.Forbidden
            && authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault() is { } reason
                ? Problems.Of(StatusCodes.Status403Forbidden, reason.Message).ExecuteAsync(context)
                : _others.HandleAsync(next, context, policy, authorizeResult)
        );
        if (!authorizeResult.Succeeded)
        {
            refusals.Write(context);
        }
    }
}
