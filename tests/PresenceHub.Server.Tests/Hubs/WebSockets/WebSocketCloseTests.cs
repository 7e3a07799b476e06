using System.Net.WebSockets;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>How a WebSocket that is written to directly ends.</summary>
[Trait("Category", "Functional")]
public sealed class WebSocketCloseTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Client_VanishesWhileItIsSentMuch_HubHearsOfItAndNothingIsLogged()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawSocketClient.ConnectAsync(server);
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
        using var client = await RawSocketClient.ConnectAsync(server);
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
    public async Task Client_ReadsNothing_IsAborted()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawSocketClient.ConnectAsync(server);

        await client.SendAsync("""{"type":1,"target":"Flood","arguments":[]}""");

        Assert.True(server.Connections.Closed.TryTake(out _, Timeout));
        await Eventually.GetAsync(() => Task.FromResult(server.DirectCount), count => count is 0);
    }

    [Fact]
    public async Task Token_Expires_ConnectionIsClosedAndMayReconnect()
    {
        await using var server = await EchoServer.StartAsync(tokenLifetime: TimeSpan.FromSeconds(1));
        using var client = await RawSocketClient.ConnectAsync(server);

        Assert.Equal("""{"type":7,"allowReconnect":true}""", await client.ReceiveAsync());
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Server_Stops_ConnectionIsClosedAndMayReconnect()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawSocketClient.ConnectAsync(server);

        var stopping = server.StopAsync();

        Assert.Equal("""{"type":7,"allowReconnect":true}""", await client.ReceiveAsync());
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
        await stopping.WaitAsync(Timeout);
    }
}
