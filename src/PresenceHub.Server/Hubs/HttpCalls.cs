using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Calls over HTTP: whose they are, how often they come, and the answers to those that fail.</summary>
internal static class HttpCalls
{
    /// <summary>Makes a call for the watcher of a request. The call counts against the rate of the watcher before it
    /// begins, so that a malformed call counts too.</summary>
    public static Task<IResult> AnswerAsync(
        HttpContext context,
        CallLimits limits,
        Func<Watcher, Task<IResult>> call
    ) => AnswerUncountedAsync(context, watcher =>
        {
            limits.CheckRate($"{watcher.TenantId}/{watcher.Id}");
            return call(watcher);
        });

    /// <summary>Makes a call that does not count as one.</summary>
    public static async Task<IResult> AnswerUncountedAsync(HttpContext context, Func<Watcher, Task<IResult>> call)
    {
        if (!WatcherClaims.TryRead(context.User, out var watcher))
        {
            return Problems.Of(
                StatusCodes.Status403Forbidden,
                "The token names no tenant (tid) or no user (oid or sub)"
            );
        }

        try
        {
            return await call(watcher);
        }
        catch (QuotaExceededException exception)
        {
            return Problems.RetryLater(
                StatusCodes.Status429TooManyRequests,
                exception.Message,
                exception.RetryAfter,
                exception.Limit
            );
        }
        catch (NodeBusyException exception)
        {
            return Problems.RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                exception.Message,
                exception.RetryAfter
            );
        }
        catch (CallRejectedException exception)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, exception.Message, exception.Code);
        }
        catch (StoreUnavailableException)
        {
            return Problems.RetryLater(StatusCodes.Status503ServiceUnavailable, "Presence cannot be read at present");
        }
    }

    /// <summary>Describes the problems that every call may end with.</summary>
    public static RouteHandlerBuilder ProducesCallProblems(this RouteHandlerBuilder endpoint) =>
        endpoint
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>The ids in the query of a request.</summary>
    /// <exception cref="CallRejectedException">There are none.</exception>
    public static string[] Split(string? ids) =>
        string.IsNullOrEmpty(ids)
            ? throw new CallRejectedException(
                ErrorCode.InvalidRequest,
                "ids must name at least one id; several are separated by commas"
            )
            : ids.Split(',');
}
