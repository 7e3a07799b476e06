using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>Puts <see cref="WebSocketHub{THub}"/> in front of SignalR's transports, on the same endpoint with the same authorization.</summary>
internal static class WebSocketEndpointExtensions
{
    // The hub protocol has pings of its own. The WebSocket's would cost a timer for each connection.
    private static readonly Microsoft.AspNetCore.Builder.WebSocketOptions Options = new() { KeepAliveInterval = TimeSpan.Zero };

    public static void ServeWebSocketsDirectly<THub>(this IEndpointConventionBuilder hub, IApplicationBuilder app)
        where THub : Hub => hub.Add(endpoint =>
    {
        if (endpoint.Metadata.OfType<NegotiateMetadata>().Any() || endpoint.RequestDelegate is not { } signalR)
        {
            return;
        }

        var webSockets = app.ApplicationServices.GetRequiredService<WebSocketHub<THub>>();
        endpoint.RequestDelegate = app.New()
            .Use(next => context =>
            {
                SocketUpgrade.ApplyTo(context);
                return next(context);
            })
            .UseWebSockets(Options)
            .Use(next => context => context.WebSockets.IsWebSocketRequest ? webSockets.ServeAsync(context) : signalR(context))
            .Build();
    });
}
