using System.Net.Mime;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Asks proxies to pass Server-Sent Events on as they come. nginx buffers answers by default, and compression does as
/// well: no event would reach a client until a buffer is full.
/// </summary>
internal static class EventStreams
{
    public static void UseUnbufferedEvents(this IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                if (context.Request.Path.StartsWithSegments("/hubs") && HttpMethods.IsGet(context.Request.Method))
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
