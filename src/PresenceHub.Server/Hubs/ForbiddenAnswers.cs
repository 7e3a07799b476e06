using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace PresenceHub.Server.Hubs;

/// <summary>Tells a caller that is refused what its token lacks.</summary>
internal sealed class ForbiddenAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _others = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
        authorizeResult.Forbidden && authorizeResult.AuthorizationFailure?.FailureReasons.FirstOrDefault() is { } reason
            ? Problems.Of(StatusCodes.Status403Forbidden, reason.Message).ExecuteAsync(context)
            : _others.HandleAsync(next, context, policy, authorizeResult);
}
