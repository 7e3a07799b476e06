using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Has what opens a connection wait for its turn, or refuses it. Only a request that has passed authentication,
/// authorization and the quota of its watcher takes a place: neither tokens that are refused nor one watcher in a loop
/// keep others waiting.
/// </summary>
internal static class ConnectAdmission
{
    /// <summary>
    /// Refuses what would find no place, before its token is checked, so that a full node checks no signatures. Comes
    /// before authentication.
    /// </summary>
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

    /// <summary>Takes a place for a connection. Comes after authorization.</summary>
    public static void UseConnectAdmission(this IApplicationBuilder app)
    {
        var gate = app.ApplicationServices.GetRequiredService<Admissions>().Connects;
        var quotas = app.ApplicationServices.GetRequiredService<WatcherQuotas>();
        app.Use(
            async (context, next) =>
            {
                if (!OpensConnection(context))
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
                    // Before the wait: what is known of the watcher would be dropped meanwhile, if it did nothing else.
                    var negotiates = IsNegotiation(context.Request);
                    if (negotiates)
                    {
                        usage?.AddNegotiation();
                    }

                    if (await gate.EnterAsync(1, context.RequestAborted) is { } retryAfter)
                    {
                        // The node is busy, and the watcher has got nothing.
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
        !IsNegotiation(request) && !string.IsNullOrEmpty(request.Query["id"].ToString());

    private static bool IsNegotiation(HttpRequest request) =>
        request.Path.Value!.TrimEnd('/').EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Negotiation and WebSockets. A request without a token is left to authentication, which refuses it at no cost.
    /// </summary>
    /// <remarks>
    /// A WebSocket that was negotiated here has its place already. It must not be refused: SignalR's clients would take
    /// that for a WebSocket that does not work, and try another transport. Since any node takes any id, one that was
    /// not negotiated here counts like a WebSocket without negotiation.
    /// </remarks>
    private static bool OpensConnection(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/hubs")
        && (
            IsNegotiation(context.Request)
            || context.Request.Headers.ContainsKey(HeaderNames.Upgrade)
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true }
        )
        && (
            context.Request.Headers.ContainsKey(HeaderNames.Authorization)
            || context.Request.Query.ContainsKey("access_token")
        );

    private static Task RefuseAsync(HttpContext context, TimeSpan retryAfter) =>
        Problems
            .RetryLater(
                context,
                StatusCodes.Status503ServiceUnavailable,
                "More clients connect than this node can serve",
                retryAfter
            )
            .ExecuteAsync(context);

    private static Task RefuseWatcherAsync(HttpContext context, TimeSpan retryAfter) =>
        Problems
            .RetryLater(
                context,
                StatusCodes.Status429TooManyRequests,
                "This user connects too often",
                retryAfter,
                QuotaExceededException.Connects
            )
            .ExecuteAsync(context);
}
