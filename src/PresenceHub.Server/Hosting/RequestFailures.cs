using Microsoft.AspNetCore.Diagnostics;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Answers requests that failed, and logs failures of the server. A malformed or aborted request is not a failure of
/// the server.
/// </summary>
internal sealed class RequestFailures(TimeProvider time, ILogger<RequestFailures> logger) : IExceptionHandler
{
    private readonly LogLimit _limit = new(time);

    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        if (exception is BadHttpRequestException broken)
        {
            await Problems.Of(broken.StatusCode, broken.Message).ExecuteAsync(httpContext);
            return true;
        }

        if (_limit.TryTake(out var others))
        {
            var route = (httpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            logger.RequestFailed(exception, httpContext.Request.Method, route ?? "(no route)", others);
        }

        await Problems.Of(StatusCodes.Status500InternalServerError).ExecuteAsync(httpContext);
        return true;
    }
}
