using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Keeps calls within their rate and gives every failure its stable code.</summary>
internal sealed class HubCallFilter(CallRateLimit rateLimit, ILogger<HubCallFilter> logger) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (!rateLimit.TryTake(invocationContext.Context.ConnectionId))
        {
            throw Failure(ErrorCode.Unavailable, $"too many calls on this connection; {rateLimit.CallsPerSecond} per second are possible");
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
            throw Failure(ErrorCode.Unavailable, "presence cannot be read at present");
        }
        catch (Exception exception) when (exception is not HubException && !invocationContext.Context.ConnectionAborted.IsCancellationRequested)
        {
            logger.CallFailed(exception, invocationContext.HubMethodName);
            throw Failure(ErrorCode.Unavailable, "the call failed on the server");
        }
    }

    private static HubException Failure(string code, string text) => new($"{code}: {text}");
}
