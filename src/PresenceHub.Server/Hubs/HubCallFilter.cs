using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Enforces the limits of calls, and gives every failure its stable code.</summary>
internal sealed class HubCallFilter(
    CallLimits limits,
    ConnectionWatchLists watchLists,
    TimeProvider time,
    ILogger<HubCallFilter> logger
) : IHubFilter
{
    private readonly LogLimit _failedLimit = new(time);

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext,
        Func<HubInvocationContext, ValueTask<object?>> next
    )
    {
        var connectionAborted = invocationContext.Context.ConnectionAborted;
        try
        {
            var connectionId = invocationContext.Context.ConnectionId;
            limits.CheckRate(connectionId);
            if (IdsOf(invocationContext) is > 0 and var ids)
            {
                await limits.AdmitAsync(watchLists.UsageOf(connectionId), ids, connectionAborted);
            }

            return await next(invocationContext);
        }
        catch (QuotaExceededException exception)
        {
            throw Busy($"{exception.Message} ({exception.Limit})", exception.RetryAfter);
        }
        catch (NodeBusyException exception)
        {
            throw Busy(exception.Message, exception.RetryAfter);
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

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception)
            when (exception is not HubException && !context.Context.ConnectionAborted.IsCancellationRequested)
        {
            if (_failedLimit.TryTake())
            {
                logger.CallFailed(exception, nameof(Hub.OnConnectedAsync));
            }

            throw;
        }
    }

    private static TimeSpan StoreRetryAfter => TimeSpan.FromSeconds(1);

    /// <summary>The number of ids that a call reads.</summary>
    private static int IdsOf(HubInvocationContext call) =>
        call.HubMethodArguments switch
        {
            [WatchRequest { Ids: { } watched }] => watched.Count,
            [IReadOnlyList<string?> read] when call.HubMethodName is nameof(WatchHub.Get) => read.Count,
            _ => 0,
        };

    private static HubException Busy(string text, TimeSpan retryAfter) =>
        Failure(
            ErrorCode.Unavailable,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{text}; retry after {Math.Ceiling(retryAfter.TotalMilliseconds)} ms"
            )
        );

    private static HubException Failure(string code, string text) => new($"{code}: {text}");
}
