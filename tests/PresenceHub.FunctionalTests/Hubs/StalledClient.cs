using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>A client that watches, reads and pings, until it stalls: from then on it leaves what it is sent in the
/// socket, and only pings.</summary>
internal sealed class StalledClient : IDisposable
{
    private const string EndOfMessage = "\u001e";
    private const int ReceiveBufferBytes = 4096;

    /// <summary>Well within the time after which the hub closes a client that says nothing.</summary>
    private static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(5);

    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync });
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly CancellationTokenSource _disposed = new();
    private Task _reading = Task.CompletedTask;
    private volatile bool _isStalled;

    private StalledClient() => _socket.Options.KeepAliveInterval = TimeSpan.Zero;

    /// <summary>Returns when the hub has answered.</summary>
    public static async Task<StalledClient> WatchAsync(HubServer server, IReadOnlyList<string> ids)
    {
        var (token, _) = await server.SignInAsync();
        var client = new StalledClient();
        var address = new UriBuilder(server.Address)
        {
            Scheme = "ws",
            Path = "/hubs/presence",
            Query = $"access_token={token}",
        }.Uri;
        await client._socket.ConnectAsync(address, client._http, CancellationToken.None);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        await client.ReadUntilAsync("{}");
        await client.SendAsync(
            $$"""{"type":1,"invocationId":"1","target":"Watch","arguments":[{"ids":{{JsonSerializer.Serialize(ids)}}}]}"""
        );
        await client.ReadUntilAsync("\"cursor\":");
        client._reading = client.ReadAsync();
        _ = client.PingAsync();
        return client;
    }

    /// <summary>One more message is taken, and then nothing.</summary>
    public void Stall() => _isStalled = true;

    /// <summary>Reads again until the part arrives. The answer is how many bytes were on the way before it.</summary>
    public async Task<long> ReadUntilShownAsync(string part, TimeSpan within)
    {
        await _reading.WaitAsync(within);
        using var timeout = new CancellationTokenSource(within);
        var received = new StringBuilder();
        int shown;
        while ((shown = received.ToString().IndexOf(part, StringComparison.Ordinal)) < 0)
        {
            var read = await _socket.ReceiveAsync(_buffer, timeout.Token);
            received.Append(Encoding.UTF8.GetString(_buffer, 0, read.Count));
        }

        return shown;
    }

    /// <summary>Reads what is still on the way until the connection ends. The answer is its size.</summary>
    public async Task<long> ReadToEndAsync(TimeSpan within)
    {
        await _reading.WaitAsync(within);
        using var timeout = new CancellationTokenSource(within);
        var bytes = 0L;
        try
        {
            while (
                await _socket.ReceiveAsync(_buffer, timeout.Token)
                    is { MessageType: not WebSocketMessageType.Close } received
            )
            {
                bytes += received.Count;
            }
        }
        catch (WebSocketException)
        {
            // Cut off in the middle of what it did not take.
        }

        return bytes;
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _socket.Dispose();
        _http.Dispose();
        _disposed.Dispose();
    }

    /// <summary>Connects with a small window, so that a client that reads nothing accepts little.</summary>
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        CancellationToken cancellationToken
    )
    {
        // Before connecting: a window that has been offered cannot be taken back.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = ReceiveBufferBytes };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private Task SendAsync(string message) =>
        _socket.SendAsync(
            Encoding.UTF8.GetBytes(message + EndOfMessage),
            WebSocketMessageType.Text,
            endOfMessage: true,
            CancellationToken.None
        );

    private async Task ReadAsync()
    {
        while (!_isStalled)
        {
            await _socket.ReceiveAsync(_buffer, CancellationToken.None);
        }
    }

    /// <summary>Only reading stalls: the hub must close the client for what it does not accept.</summary>
    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingPeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(_disposed.Token))
            {
                await SendAsync("""{"type":6}""");
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or WebSocketException or ObjectDisposedException)
        {
            // Closed by the hub, or disposed.
        }
    }

    private async Task ReadUntilAsync(string part)
    {
        var received = new StringBuilder();
        while (!received.ToString().Contains(part, StringComparison.Ordinal))
        {
            var read = await _socket.ReceiveAsync(_buffer, CancellationToken.None);
            received.Append(Encoding.UTF8.GetString(_buffer, 0, read.Count));
        }
    }
}
