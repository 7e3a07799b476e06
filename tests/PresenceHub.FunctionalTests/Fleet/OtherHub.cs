using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>A WebSocket server that answers the SignalR handshake with a given text.</summary>
internal sealed class OtherHub : IAsyncDisposable
{
    private const int LongestHandshake = 1024;

    private readonly WebApplication _app;

    private OtherHub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<OtherHub> StartAsync(string handshakeAnswer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseWebSockets();
        app.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.ReceiveAsync(new byte[LongestHandshake], context.RequestAborted);
            await socket.SendAsync(
                Encoding.UTF8.GetBytes(handshakeAnswer + "\u001e"),
                WebSocketMessageType.Text,
                true,
                context.RequestAborted
            );
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });
        await app.StartAsync();
        return new OtherHub(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
