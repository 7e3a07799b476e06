using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Functional;

/// <summary>The choice of a transport, over real sockets.</summary>
[Trait("Category", "Functional")]
public sealed class TransportTests
{
    private static readonly string[] ToEvents =
    [
        "WebSocket",
        "negotiate",
        "negotiated WebSocket",
        "negotiate",
        "events",
    ];

    [Fact]
    public async Task StartAsync_ByDefault_OpensAWebSocketWithoutNegotiation()
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack: false);
        Assert.Equal(HttpTransportType.WebSockets, await ConnectAsync(server, client));
        Assert.Equal(["WebSocket"], server.Script.Network.Asked);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(426)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task StartAsync_ProxyRefusesWebSockets_FallsBack(int status)
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = status;
        await using var client = server.NewClient(useMessagePack: false);
        Assert.Equal(HttpTransportType.ServerSentEvents, await ConnectAsync(server, client));
        Assert.Equal(ToEvents, server.Script.Network.Asked);
    }

    [Fact]
    public async Task StartAsync_WebSocketsHang_FallsBackWithoutAnotherOne()
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = ScriptedNetwork.Hangs;
        await using var client = server.NewClient(useMessagePack: false, callTimeout: TimeSpan.FromSeconds(3));
        Assert.Equal(HttpTransportType.ServerSentEvents, await ConnectAsync(server, client));
        Assert.Equal(["WebSocket", "negotiate", "events"], server.Script.Network.Asked);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(ScriptedNetwork.Hangs)]
    public async Task StartAsync_EventsDoNotPassEither_FallsBackToLongPolling(int answer)
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = 400;
        server.Script.Network.Answers["events"] = answer;
        await using var client = server.NewClient(useMessagePack: false, callTimeout: TimeSpan.FromSeconds(3));
        Assert.Equal(HttpTransportType.LongPolling, await ConnectAsync(server, client));
        Assert.Equal([.. ToEvents, "negotiate", "poll"], server.Script.Network.Asked);
    }

    [Fact]
    public async Task StartAsync_MessagePack_LeavesEventsOut()
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = 400;
        await using var client = server.NewClient(useMessagePack: true);
        Assert.Equal(HttpTransportType.LongPolling, await ConnectAsync(server, client));
        Assert.Equal(
            ["WebSocket", "negotiate", "negotiated WebSocket", "negotiate", "poll"],
            server.Script.Network.Asked
        );
    }

    [Fact]
    public async Task Lost_AfterAFallback_UsesItAgain()
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = 400;
        await using var client = server.NewClient(useMessagePack: false);
        await ConnectAsync(server, client);
        await LoseAsync(server);
        Assert.Equal(HttpTransportType.ServerSentEvents, TransportOf(await server.Script.Connections.NextAsync()));
        Assert.Equal(["negotiate", "events"], server.Script.Network.Asked);
    }

    [Fact]
    public async Task Lost_RememberedFallbackFails_StartsAgainFromWebSockets()
    {
        await using var server = await HubServer.StartAsync();
        var network = server.Script.Network;
        network.Answers["WebSocket"] = 400;
        await using var client = server.NewClient(useMessagePack: false);
        await ConnectAsync(server, client);
        network.Answers.Clear();
        (network.Answers["events"], network.Answers["poll"]) = (502, 502);
        await LoseAsync(server);
        Assert.Equal(HttpTransportType.WebSockets, TransportOf(await server.Script.Connections.NextAsync()));
        Assert.Equal(["negotiate", "events", "negotiate", "poll", "WebSocket"], network.Asked);
    }

    [Fact]
    public async Task Lost_HubIsAwayMeanwhile_KeepsTheFallback()
    {
        await using var server = await HubServer.StartAsync();
        var network = server.Script.Network;
        network.Answers["WebSocket"] = 400;
        await using var client = server.NewClient(useMessagePack: false);
        await ConnectAsync(server, client);
        while (!server.Script.Requests.IsEmpty)
        {
            await server.Script.Requests.NextAsync();
        }

        network.Answers["negotiate"] = 502;
        await LoseAsync(server);

        // The second attempt begins when the first has failed.
        await server.Script.Requests.FirstAsync(request =>
            request.Path.Contains("/negotiate", StringComparison.Ordinal)
        );
        await server.Script.Requests.FirstAsync(request =>
            request.Path.Contains("/negotiate", StringComparison.Ordinal)
        );
        network.Answers.Clear();
        Assert.Equal(HttpTransportType.ServerSentEvents, TransportOf(await server.Script.Connections.NextAsync()));
        Assert.Contains("events", network.Asked);
        Assert.DoesNotContain("WebSocket", network.Asked);
    }

    [Theory]
    [InlineData(true, "WebSocket")]
    [InlineData(false, "negotiate", "negotiated WebSocket")]
    public async Task StartAsync_SkipNegotiationIsSet_NarrowsTheChoice(bool skipNegotiation, params string[] asked)
    {
        await using var server = await HubServer.StartAsync();
        await using var client = server.NewClient(useMessagePack: false, skipNegotiation: skipNegotiation);
        Assert.Equal(HttpTransportType.WebSockets, await ConnectAsync(server, client));
        Assert.Equal(asked, server.Script.Network.Asked);
    }

    [Fact]
    public async Task StartAsync_OnlyADirectWebSocketAllowed_DoesNotNegotiate()
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = 400;
        await using var client = server.NewClient(useMessagePack: false, skipNegotiation: true);
        var starting = client.StartAsync();
        await server.Script.Requests.NextAsync();
        await server.Script.Requests.NextAsync();
        server.Script.Network.Answers.Clear();
        await Expect.SoonAsync(starting, "StartAsync");
        Assert.True(server.Script.Network.Asked.Count >= 2);
        Assert.All(server.Script.Network.Asked, kind => Assert.Equal("WebSocket", kind));
    }

    [Theory]
    [InlineData(401, """{"code":"tokenExpired","detail":"It has expired"}""", "tokenExpired", "It has expired")]
    [InlineData(401, """{"code":"unauthorized"}""", "unauthorized", "The hub's address answered 401.")]
    [InlineData(403, null, "unauthorized", "The hub's address answered 403.")]
    [InlineData(404, null, "invalidRequest", "The hub's address answered 404.")]
    [InlineData(404, """{"code":"ResourceNotFound"}""", "invalidRequest", "The hub's address answered 404.")]
    public async Task StartAsync_HubRefuses_ShowsWhyAndTriesNoOtherTransport(
        int status,
        string? problem,
        string code,
        string message
    )
    {
        await using var server = await HubServer.StartAsync();
        var network = server.Script.Network;
        (network.Answers["WebSocket"], network.Answers["negotiate"], network.Problem) = (status, status, problem);
        var refreshes = new Inbox<bool>("a request for a token");
        await using var client = server.NewClient(useMessagePack: false, token: request =>
        {
            refreshes.Add(request.Refresh);
            return Task.FromResult<string?>("the-token");
        });
        var errors = new Inbox<Exception?>("ConnectionStateChanged with an error");
        client.ConnectionStateChanged += (_, changed) => errors.Add(changed.Status.Error);
        var starting = client.StartAsync();

        var refusal = Assert.IsType<PresenceHubException>(await errors.FirstAsync(error => error is not null));
        Assert.Equal((code, message), (refusal.Code, refusal.Message));
        Assert.Equal(code, client.Status.Error?.Code);
        Assert.Equal(["WebSocket", "negotiate"], server.Script.Network.Asked.Take(2));
        Assert.False(await refreshes.NextAsync());
        if (status is 401 or 403)
        {
            Assert.True(await refreshes.NextAsync());
        }

        Assert.True(refreshes.IsEmpty);
        await client.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.DoesNotContain("events", server.Script.Network.Asked);
    }

    [Fact]
    public async Task StartAsync_HubProtocolUnknownToTheHub_ShowsInvalidRequest()
    {
        await using var server = await HubServer.StartAsync(withMessagePack: false);
        await using var client = server.NewClient(useMessagePack: true);
        var errors = new Inbox<Exception?>("ConnectionStateChanged with an error");
        client.ConnectionStateChanged += (_, changed) => errors.Add(changed.Status.Error);
        var starting = client.StartAsync();
        await errors.FirstAsync(error => error is PresenceHubException { Code: ErrorCode.InvalidRequest });
        Assert.Equal(["WebSocket"], server.Script.Network.Asked);
        await client.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
    }

    [Fact]
    public async Task StartAsync_SeveralTransports_AsksForOneToken()
    {
        await using var server = await HubServer.StartAsync();
        server.Script.Network.Answers["WebSocket"] = 400;
        var refreshes = new Inbox<bool>("a request for a token");
        await using var client = server.NewClient(useMessagePack: false, token: request =>
        {
            refreshes.Add(request.Refresh);
            return Task.FromResult<string?>("the-token");
        });
        await ConnectAsync(server, client);
        Assert.False(await refreshes.NextAsync());
        Assert.True(refreshes.IsEmpty);
    }

    [Fact]
    public async Task StartAsync_TokenSourceFails_AsksNoTransport()
    {
        await using var server = await HubServer.StartAsync();
        var failed = new Inbox<bool>("a request for a token");
        await using var client = server.NewClient(useMessagePack: false, token: request =>
        {
            failed.Add(request.Refresh);
            throw new InvalidOperationException("signed out");
        });
        var starting = client.StartAsync();
        Assert.False(await failed.NextAsync());
        Assert.False(await failed.NextAsync());
        await client.StopAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Empty(server.Script.Network.Asked);
    }

    private static async Task<HttpTransportType?> ConnectAsync(HubServer server, PresenceClient client)
    {
        await Expect.SoonAsync(client.StartAsync(), "StartAsync");
        await Expect.SoonAsync(client.WatchAsync([Wire.A]), "WatchAsync");
        var connection = await server.Script.Connections.NextAsync();
        server.Script.Connections.Add(connection);
        return TransportOf(connection);
    }

    private static async Task LoseAsync(HubServer server)
    {
        server.Script.Network.Forget();
        (await server.Script.Connections.NextAsync()).Abort();
    }

    private static HttpTransportType? TransportOf(HubCallerContext connection) =>
        connection.Features.Get<IHttpTransportFeature>()?.TransportType;
}
