using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace PresenceHub.Server.Hubs;

/// <summary>Has what opens a connection wait for its turn, or refuses it, before it is authenticated.</summary>
internal static class ConnectAdmission
{
    public static void UseConnectAdmission(this IApplicationBuilder app)
    {
        var gate = app.ApplicationServices.GetRequiredService<Admissions>().Connects;
        app.Use(async (context, next) =>
        {
            if (OpensConnection(context) && await gate.EnterAsync(1, context.RequestAborted) is { } retryAfter)
            {
                await Problems.RetryLater(
                    context, StatusCodes.Status503ServiceUnavailable, "More clients connect than this node can serve", retryAfter).ExecuteAsync(context);
                return;
            }

            await next(context);
        });
    }

    /// <summary>
    /// Negotiation, and WebSockets without it. A connection that was admitted at negotiation must not be refused afterwards: SignalR's
    /// clients would take that for a WebSocket that does not work, and try another transport. A request without a token gets no place
    /// in the queue: authentication refuses it at no cost.
    /// </summary>
    public static bool OpensConnection(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/hubs", out var rest)
        && !context.Request.Query.ContainsKey("id")
        && (rest.Value!.EndsWith("/negotiate", StringComparison.OrdinalIgnoreCase)
            || context.Request.Headers.ContainsKey(HeaderNames.Upgrade)
            || context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
        && (context.Request.Headers.ContainsKey(HeaderNames.Authorization) || context.Request.Query.ContainsKey("access_token"));
}
