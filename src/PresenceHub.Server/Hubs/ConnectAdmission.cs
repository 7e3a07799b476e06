using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Queues or refuses the requests that open a connection. Only a request that has passed authentication, authorization
/// and the quota of its watcher takes a place, so neither refused tokens nor one watcher in a loop delay other clients.
/// </summary>
internal static class ConnectAdmission
{
    /// <summary>
    /// Refuses requests that would find no place, before their tokens are checked, so that a full node checks no
    /// signatures for them. Comes before authentication.
    /// </summary>
    /// <remarks>
    /// A WebSocket that names a connection passes, although the id may be made up: it costs the node at most one
    /// signature check, and without a negotiation of its watcher it is refused after that. The node cannot tell before
    /// authentication whether an id is real. SignalR keeps the ids that it has negotiated to itself, and behind a
    /// balancer without affinity another node may have negotiated the id. A refusal here would reach clients that hold
    /// a place: they take it for a WebSocket that does not work and change to a transport that needs the other node.
    /// </remarks>
    public static void UseFullNodeRefusal(this IApplicationBuilder app)
    {
        var gate = app.ApplicationServices.GetRequiredService<Admissions>().Connects;
        app.Use(
            (context, next) =>
                OpensConnection(context)
                && !BelongsToConnection(context.Request)
                && gate.RefuseWhenFull() is { } retryAfter
                    ? RefuseAsync(context, retryAfter)
                    : next(context)
        );
    }

    /// <summary>Takes a place for each connection. Comes after authorization.</summary>
    public static void UseConnectAdmission(this IApplicationBuilder app)
    {
        var gate = app.ApplicationServices.GetRequiredService<Admissions>().Connects;
        var quotas = app.ApplicationServices.GetRequiredService<WatcherQuotas>();
        app.Use(
            async (context, next) =>
            {
                // Without an endpoint nothing has asked for authorization, and a refused token comes this far. Such a
                // request gets 404 or 405 and takes no place.
                if (!OpensConnection(context) || context.User.Identity?.IsAuthenticated is not true)
                {
                    await next(context);
                    return;
                }

                var usage = WatcherClaims.TryRead(context.User, out var watcher)
                    ? quotas.Of(watcher, WatcherClaims.RolesOf(context.User))
                    : null;
                var connects = usage?.Connects;
                if (BelongsToConnection(context.Request) && usage?.TryUseNegotiation() is true)
                {
                    await next(context);
                }
                else if (connects?.TryTake(1, out var untilGranted) is false)
                {
                    await RefuseWatcherAsync(context, untilGranted);
                }
                else
                {
                    // Before the wait: the usage of a watcher that does nothing else would be dropped meanwhile.
                    var negotiates = IsNegotiation(context.Request);
                    if (negotiates)
                    {
                        usage?.AddNegotiation();
                    }

                    if (await gate.EnterAsync(1, context.RequestAborted) is { } retryAfter)
                    {
                        // The node is busy, so the watcher is charged nothing.
                        connects?.Return(1);
                        if (negotiates)
                        {
                            usage?.TryUseNegotiation();
                        }

                        await RefuseAsync(context, retryAfter);
                        return;
                    }

                    await next(context);
                }
            }
        );
    }

    /// <summary>
    /// Whether a request names the connection that it belongs to. SignalR opens another connection where the id is
    /// empty, and with every negotiation.
    /// </summary>
    public static bool BelongsToConnection(HttpRequest request) =>
        !EventStreams.IsOfPresence(request)
        && !IsNegotiation(request)
        && !string.IsNullOrEmpty(request.Query["id"].ToString());

    private static bool IsNegotiation(HttpRequest request) =>
        request.Path.Value!.TrimEnd('/').EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a request negotiates, or opens a WebSocket or an event stream. Authentication refuses a request without
    /// a token at no cost.
    /// </summary>
    /// <remarks>
    /// A WebSocket that was negotiated on this node has its place already and is not refused. Any node accepts any id,
    /// so a WebSocket that was negotiated elsewhere counts like one without negotiation.
    /// </remarks>
    private static bool OpensConnection(HttpContext context) =>
        (EventStreams.IsOfPresence(context.Request) || OpensHubConnection(context))
        && (
            context.Request.Headers.ContainsKey(HeaderNames.Authorization)
            || context.Request.Query.ContainsKey("access_token")
        );

    private static bool OpensHubConnection(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/hubs")
        && (
            IsNegotiation(context.Request)
            || context.Request.Headers.ContainsKey(HeaderNames.Upgrade)
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        );

    private static Task RefuseAsync(HttpContext context, TimeSpan retryAfter) =>
        Problems
            .RetryLater(
                StatusCodes.Status503ServiceUnavailable,
                "More clients connect than this node can serve",
                retryAfter
            )
            .ExecuteAsync(context);

    private static Task RefuseWatcherAsync(HttpContext context, TimeSpan retryAfter) =>
        Problems
            .RetryLater(
                StatusCodes.Status429TooManyRequests,
                "This user connects too often",
                retryAfter,
                QuotaExceededException.Connects
            )
            .ExecuteAsync(context);
}
