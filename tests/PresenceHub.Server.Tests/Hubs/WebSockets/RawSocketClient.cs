using System.Net.WebSockets;
using System.Text;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>Speaks the JSON hub protocol over a bare WebSocket.</summary>
internal sealed class RawSocketClient : IDisposable
{
    private const string EndOfMessage = "\u001e";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<string> _messages = [];
    private readonly StringBuilder _received = new();

    public static async Task<RawSocketClient> OpenAsync(EchoServer server)
    {
        var client = new RawSocketClient();
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        await client._socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws" }.Uri, CancellationToken.None);
        return client;
    }

    public static async Task<RawSocketClient> ConnectAsync(EchoServer server)
    {
        var client = await OpenAsync(server);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await client.ReceiveAsync());
        return client;
    }

    public Task SendAsync(string message) =>
        _socket.SendAsync(
            Encoding.UTF8.GetBytes(message + EndOfMessage),
            WebSocketMessageType.Text,
            endOfMessage: true,
            CancellationToken.None
        );

    public async Task SendInPiecesAsync(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message + EndOfMessage);
        for (var i = 0; i < bytes.Length; i++)
        {
            await _socket.SendAsync(
                bytes.AsMemory(i, 1),
                WebSocketMessageType.Text,
                i == bytes.Length - 1,
                CancellationToken.None
            );
        }
    }

    /// <summary>The next message.</summary>
    public async Task<string> ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        using var timeout = new CancellationTokenSource(Timeout);
        while (_messages.Count is 0)
        {
            var read = await _socket.ReceiveAsync(buffer, timeout.Token);
            Assert.NotEqual(WebSocketMessageType.Close, read.MessageType);
            _received.Append(Encoding.UTF8.GetString(buffer, 0, read.Count));
            var parts = _received.ToString().Split(EndOfMessage);
            Array.ForEach(parts[..^1], _messages.Enqueue);
            _received.Clear().Append(parts[^1]);
        }

        return _messages.Dequeue();
    }

    public async Task WaitForCloseAsync(WebSocketCloseStatus status)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        var read = await _socket.ReceiveAsync(new byte[1024], timeout.Token);
        Assert.Equal(WebSocketMessageType.Close, read.MessageType);
        Assert.Equal(status, _socket.CloseStatus);
        await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, timeout.Token);
    }

    public Task CloseOutputAsync() =>
        _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public void Abort() => _socket.Abort();

    public void Dispose() => _socket.Dispose();
}
