using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.People;

/// <summary>Who asks, and the problems of what fails.</summary>
internal static class PeopleAnswers
{
    public static async Task<IResult> AnswerAsync(HttpContext context, Func<Watcher, Task<IResult>> answer)
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
            return await answer(watcher);
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
        catch (PeopleUnavailableException exception)
        {
            return Problems.RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                exception.Message,
                exception.RetryAfter,
                members: exception.Known is { } known
                    ? new() { ["people"] = known.People, ["rejected"] = known.Rejected }
                    : []
            );
        }
        catch (PeopleNotSupportedException exception)
        {
            return Problems.Of(StatusCodes.Status501NotImplemented, exception.Message, ErrorCode.NotSupported);
        }
    }
}
