using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>A hub on WebSockets that are written to directly does what it does on SignalR's own transport.</summary>
[Trait("Category", "Functional")]
public sealed class WebSocketHubTests
{
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
    public async Task Client_IsSilent_GetsPings()
    {
        await using var server = await EchoServer.StartAsync(configure: hub =>
            hub.KeepAliveInterval = TimeSpan.FromSeconds(1)
        );
        using var client = await RawSocketClient.ConnectAsync(server);

        Assert.Equal("""{"type":6}""", await client.ReceiveAsync());
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
}
