using System.Net.WebSockets;

namespace PresenceHub.Server.Tests.Hubs.WebSockets;

/// <summary>Messages of any size and form on a WebSocket that is written to directly.</summary>
[Trait("Category", "Functional")]
public sealed class WebSocketMessageTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Message_LargerThanAllowed_ClosesTheConnectionWithAnError()
    {
        await using var server = await EchoServer.StartAsync(configure: hub => hub.MaximumReceiveMessageSize = 1000);
        using var client = await RawSocketClient.ConnectAsync(server);

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
        using var client = await RawSocketClient.ConnectAsync(server);

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
        using var client = await RawSocketClient.ConnectAsync(server);

        await client.SendInPiecesAsync("""{"type":1,"invocationId":"1","target":"Echo","arguments":["in pieces"]}""");

        Assert.Equal("""{"type":3,"invocationId":"1","result":"in pieces"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Handshake_UnknownProtocol_IsRefusedWithItsName()
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawSocketClient.OpenAsync(server);

        await client.SendAsync("""{"protocol":"smoke","version":1}""");

        Assert.Equal("""{"error":"The protocol 'smoke' is not supported."}""", await client.ReceiveAsync());
        await client.WaitForCloseAsync(WebSocketCloseStatus.NormalClosure);
    }
}
