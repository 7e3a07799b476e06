using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Keeps calls within their rate and the node's, and gives every failure its stable code.</summary>
internal sealed class HubCallFilter(
    CallRateLimit rateLimit, Admissions admissions, TimeProvider time, ILogger<HubCallFilter> logger) : IHubFilter
{
    private readonly LogLimit _failedLimit = new(time);

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var connectionAborted = invocationContext.Context.ConnectionAborted;
        if (!rateLimit.TryTake(invocationContext.Context.ConnectionId))
        {
            throw Busy($"too many calls on this connection; {rateLimit.CallsPerSecond} per second are possible", rateLimit.RetryAfter);
        }

        if (IdsOf(invocationContext) is > 0 and var ids && await admissions.Ids.EnterAsync(ids, connectionAborted) is { } retryAfter)
        {
            throw Busy("more is asked of this node than it can answer", retryAfter);
        }

        try
        {
            return await next(invocationContext);
        }
        catch (CallRejectedException exception)
        {
            throw Failure(exception.Code, exception.Message);
        }
        catch (StoreUnavailableException)
        {
            throw Busy("presence cannot be read at present", StoreRetryAfter);
        }
        catch (Exception exception) when (exception is not HubException && !connectionAborted.IsCancellationRequested)
        {
            if (_failedLimit.TryTake())
            {
                logger.CallFailed(exception, invocationContext.HubMethodName);
            }

            throw Failure(ErrorCode.Unavailable, "the call failed on the server");
        }
    }

    private static TimeSpan StoreRetryAfter => TimeSpan.FromSeconds(1);

    /// <summary>The ids that a call asks to be answered, as far as one call may carry them: a larger call is refused later, by name.</summary>
    private int IdsOf(HubInvocationContext call) => Math.Min(rateLimit.MaxIdsPerCall, call.HubMethodArguments switch
    {
        [WatchRequest { Ids: { } watched }] => watched.Count,
        [IReadOnlyList<string?> read] when call.HubMethodName is nameof(WatchHub.Get) => read.Count,
        _ => 0,
    });

    private static HubException Busy(string text, TimeSpan retryAfter) =>
        Failure(ErrorCode.Unavailable, string.Create(CultureInfo.InvariantCulture, $"{text}; retry after {Math.Ceiling(retryAfter.TotalMilliseconds)} ms"));

    private static HubException Failure(string code, string text) => new($"{code}: {text}");
}
