using System.Net.Mime;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Tells proxies to forward Server-Sent Events at once. nginx buffers responses by default, and so does compression: no
/// event would reach a client until a buffer is full.
/// </summary>
internal static class EventStreams
{
    /// <summary>The address of presence as an event stream.</summary>
    public const string PresencePath = "/api/presence/stream";

    /// <summary>Whether a request opens an event stream of presence, which is a connection like one of the
    /// hub.</summary>
    public static bool IsOfPresence(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path.StartsWithSegments(PresencePath, out var rest)
        && rest.Value is null or "" or "/";

    public static void UseUnbufferedEvents(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (
                    (context.Request.Path.StartsWithSegments("/hubs") || IsOfPresence(context.Request))
                    && HttpMethods.IsGet(context.Request.Method)
                )
                {
                    context.Response.OnStarting(static state => MarkAsync(((HttpContext)state).Response), context);
                }

                return next(context);
            }
        );

    private static Task MarkAsync(HttpResponse response)
    {
        if (
            response.ContentType?.StartsWith(MediaTypeNames.Text.EventStream, StringComparison.OrdinalIgnoreCase)
            is true
        )
        {
            response.Headers["X-Accel-Buffering"] = "no";
            response.Headers.CacheControl = "no-cache, no-store, no-transform";
        }

        return Task.CompletedTask;
    }
}
