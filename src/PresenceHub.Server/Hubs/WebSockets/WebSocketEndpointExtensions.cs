using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.Hubs.WebSockets;

/// <summary>
/// Serves WebSockets with <see cref="WebSocketHub{THub}"/> instead of SignalR's transport, on the same endpoint with
/// the same authorization. The endpoint only marks a WebSocket as admitted. It is served after authentication and
/// authorization have returned, so that the token and the claims of the request do not stay in memory as long as the
/// connection.
/// </summary>
internal static class WebSocketEndpointExtensions
{
    // The hub protocol has its own pings. Those of the WebSocket would cost a timer for each connection.
    private static readonly Microsoft.AspNetCore.Builder.WebSocketOptions Options = new()
    {
        KeepAliveInterval = TimeSpan.Zero,
    };

    /// <summary>Serves the WebSockets that the endpoint has admitted. Comes before authentication.</summary>
    public static void UseDirectWebSockets(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                await next(context);
                if (context.Features.Get<Admitted>() is { } admitted)
                {
                    await admitted.Serve(context);
                }
            }
        );

    public static void ServeWebSocketsDirectly<THub>(this IEndpointConventionBuilder hub, IApplicationBuilder app)
        where THub : Hub =>
        hub.Add(endpoint =>
        {
            if (endpoint.Metadata.OfType<NegotiateMetadata>().Any() || endpoint.RequestDelegate is not { } signalR)
            {
                return;
            }

            var admitted = new Admitted(app.ApplicationServices.GetRequiredService<WebSocketHub<THub>>().ServeAsync);
            endpoint.RequestDelegate = app.New()
                .Use(next =>
                    context =>
                    {
                        SocketUpgrade.ApplyTo(context);
                        return next(context);
                    }
                )
                .UseWebSockets(Options)
                .Use(next =>
                    context =>
                    {
                        if (!context.WebSockets.IsWebSocketRequest)
                        {
                            return signalR(context);
                        }

                        context.Features.Set(admitted);
                        return Task.CompletedTask;
                    }
                )
                .Build();
        });

    private sealed record Admitted(RequestDelegate Serve);
}
