namespace PresenceHub.Server.Hubs;

/// <summary>Asks proxies to pass Server-Sent Events on at once; nginx buffers answers by default.</summary>
internal static class UnbufferedEvents
{
    public static void UseUnbufferedEvents(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments("/hubs")
            && context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers["X-Accel-Buffering"] = "no";
        }

        return next(context);
    });
}
