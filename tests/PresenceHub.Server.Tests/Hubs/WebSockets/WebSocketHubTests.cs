using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>A hub on WebSockets that are written to directly does what it does on SignalR's own transport.</summary>
[Trait("Category", "Functional")]
public sealed class WebSocketHubTests
{
    private const string EndOfMessage = "\u001e";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("json", true, false)]
    [InlineData("json", false, false)]
    [InlineData("messagepack", true, false)]
    [InlineData("messagepack", false, false)]
    [InlineData("json", false, true)]
    [InlineData("messagepack", true, true)]
    public async Task Hub_AnyProtocolNegotiatedOrNot_AnswersShortAndLongCalls(
        string protocol,
        bool skipNegotiation,
        bool tls
    )
    {
        await using var server = await EchoServer.StartAsync(tls);
        await using var client = Client(server, protocol, HttpTransportType.WebSockets, skipNegotiation);
        await client.StartAsync();

        foreach (var length in new[] { 1, 1000, 20_000 })
        {
            var text = new string('a', length);
            Assert.Equal(text, await client.InvokeAsync<string>("Echo", text).WaitAsync(Timeout));
        }

        Assert.Equal(1, server.DirectCount);
        Assert.Equal("someone", server.Connections.Opened.Take());
    }

    [Theory]
    [InlineData(HttpTransportType.ServerSentEvents)]
    [InlineData(HttpTransportType.LongPolling)]
    public async Task Hub_OtherTransport_StaysWithSignalR(HttpTransportType transport)
    {
        await using var server = await EchoServer.StartAsync();
        await using var client = Client(server, "json", transport);
        await client.StartAsync();

        Assert.Equal("text", await client.InvokeAsync<string>("Echo", "text").WaitAsync(Timeout));
        Assert.Equal(0, server.DirectCount);
    }

    [Fact]
    public async Task Client_Closes_HubHearsOfItAndNothingIsLogged()
    {
        await using var server = await EchoServer.StartAsync();
        await using var client = Client(server);
        await client.StartAsync();

        await client.StopAsync();

        Assert.True(server.Connections.Closed.TryTake(out _, Timeout));
        await Eventually.GetAsync(() => Task.FromResult(server.DirectCount), count => count is 0);
        Assert.Empty(server.Log.Lines);
    }

    [Fact]
    public async Task Client_VanishesWhileItIsSentMuch_HubHearsOfItAndNothingIsLogged()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync("""{"type":1,"target":"Flood","arguments":[]}""");
        await client.ReceiveAsync();

        client.Abort();

        Assert.True(server.Connections.Closed.TryTake(out _, Timeout));
        Assert.Empty(server.Log.Lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_LeavesDuringACallThatNeverWaits_CallLearnsOfIt(bool vanishes)
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync("""{"type":1,"target":"Hold","arguments":[]}""");
        Assert.True(server.Connections.Held.TryTake(out _, Timeout));

        if (vanishes)
        {
            client.Abort();
        }
        else
        {
            await client.CloseOutputAsync();
        }

        Assert.True(server.Connections.Closed.TryTake(out _, Timeout));
    }

    [Fact]
    public async Task Connection_IsOpen_KeepsNothingOfTheRequest()
    {
        await using var server = await EchoServer.StartAsync();
        await using var client = Client(server, skipNegotiation: true);
        await client.StartAsync();
        Assert.Equal("text", await client.InvokeAsync<string>("Echo", "text").WaitAsync(Timeout));

        var user = Assert.Single(server.Users);
        var isAlive = await Eventually.GetAsync(
            () =>
            {
                GC.Collect();
                return Task.FromResult(user.IsAlive);
            },
            isAlive => !isAlive
        );

        Assert.False(isAlive);
        Assert.Equal(1, server.DirectCount);
    }

    [Fact]
    public async Task Client_ReadsNothing_IsAborted()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);

        await client.SendAsync("""{"type":1,"target":"Flood","arguments":[]}""");

        Assert.True(server.Connections.Closed.TryTake(out _, Timeout));
        await Eventually.GetAsync(() => Task.FromResult(server.DirectCount), count => count is 0);
    }

    [Fact]
    public async Task Token_Expires_ConnectionIsClosedAndMayReconnect()
    {
        await using var server = await EchoServer.StartAsync(tokenLifetime: TimeSpan.FromSeconds(1));
        using var client = await RawClient.ConnectAsync(server);

        Assert.Equal("""{"type":7,"allowReconnect":true}""", await client.ReceiveAsync());
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Server_Stops_ConnectionIsClosedAndMayReconnect()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);

        var stopping = server.StopAsync();

        Assert.Equal("""{"type":7,"allowReconnect":true}""", await client.ReceiveAsync());
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
        await stopping.WaitAsync(Timeout);
    }

    [Fact]
    public async Task Client_IsSilent_GetsPings()
    {
        await using var server = await EchoServer.StartAsync(configure: hub =>
            hub.KeepAliveInterval = TimeSpan.FromSeconds(1)
        );
        using var client = await RawClient.ConnectAsync(server);

        Assert.Equal("""{"type":6}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Message_LargerThanAllowed_ClosesTheConnectionWithAnError()
    {
        await using var server = await EchoServer.StartAsync(configure: hub => hub.MaximumReceiveMessageSize = 1000);
        using var client = await RawClient.ConnectAsync(server);

        await client.SendAsync(
            $$"""{"type":1,"invocationId":"1","target":"Echo","arguments":["{{new string('x', 5000)}}"]}"""
        );

        Assert.Contains(
            "\"error\":\"Connection closed with an error.",
            await client.ReceiveAsync(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Message_MuchLargerThanAllowed_ClientStillGetsTheErrorAndTheClose()
    {
        await using var server = await EchoServer.StartAsync(configure: hub => hub.MaximumReceiveMessageSize = 1000);
        using var client = await RawClient.ConnectAsync(server);

        var sending = client.SendAsync(new string('x', 30_000_000));

        var received = await client.ReceiveAsync();
        Assert.Contains("\"error\":\"Connection closed with an error.", received, StringComparison.Ordinal);
        await sending.WaitAsync(Timeout);
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Message_InManyFrames_IsReadAsOne()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);

        await client.SendInPiecesAsync("""{"type":1,"invocationId":"1","target":"Echo","arguments":["in pieces"]}""");

        Assert.Equal("""{"type":3,"invocationId":"1","result":"in pieces"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Handshake_UnknownProtocol_IsRefusedWithItsName()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.OpenAsync(server);

        await client.SendAsync("""{"protocol":"smoke","version":1}""");

        Assert.Equal("""{"error":"The protocol 'smoke' is not supported."}""", await client.ReceiveAsync());
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
    }

    private static HubConnection Client(
        EchoServer server,
        string protocol = "json",
        HttpTransportType transport = HttpTransportType.WebSockets,
        bool skipNegotiation = false
    )
    {
        var builder = new HubConnectionBuilder().WithUrl(server.Address, http =>
        {
            http.Transports = transport;
            http.SkipNegotiation = skipNegotiation;
            http.WebSocketConfiguration = socket =>
                socket.RemoteCertificateValidationCallback = (_, certificate, _, _) => server.Owns(certificate);
            http.HttpMessageHandlerFactory = handler =>
            {
                ((HttpClientHandler)handler).ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                    server.Owns(certificate);
                return handler;
            };
        });
        return (protocol is "json" ? builder : builder.AddMessagePackProtocol()).Build();
    }

    /// <summary>Speaks the JSON hub protocol over a bare WebSocket.</summary>
    private sealed class RawClient : IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly Queue<string> _messages = [];
        private readonly StringBuilder _received = new();

        public static async Task<RawClient> OpenAsync(EchoServer server)
        {
            var client = new RawClient();
            client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
            await client._socket.ConnectAsync(
                new UriBuilder(server.Address) { Scheme = "ws" }.Uri,
                CancellationToken.None
            );
            return client;
        }

        public static async Task<RawClient> ConnectAsync(EchoServer server)
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

        /// <summary>The next message that is no echo of a flood.</summary>
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
}
