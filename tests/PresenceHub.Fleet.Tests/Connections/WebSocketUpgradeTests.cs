using System.Net;
using System.Security.Cryptography;
using System.Text;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Tests.Connections;

public sealed class WebSocketUpgradeTests
{
    private static readonly WebSocketTarget Target = new(
        new Uri("ws://hub.example:8080/hubs/presence?x=1"),
        new IPEndPoint(IPAddress.Loopback, 8080)
    );

    [Fact]
    public async Task Run_ServerSwitches_LeavesWhatFollowsInTheBuffer()
    {
        using var stream = new ScriptedStream(request => Accepted(request) + "rest");
        var buffer = new byte[4096];

        var (start, end) = await WebSocketUpgrade.RunAsync(stream, Target, "token", buffer, CancellationToken.None);

        Assert.Equal("rest", Encoding.ASCII.GetString(buffer, start, end - start));
        Assert.StartsWith(
            "GET /hubs/presence?x=1 HTTP/1.1\r\nHost: hub.example:8080\r\n",
            stream.Request,
            StringComparison.Ordinal
        );
        Assert.Contains("\r\nAuthorization: Bearer token\r\n", stream.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ServerIsBusy_ReportsStatusAndRetryAfter()
    {
        using var stream = new ScriptedStream(_ => "HTTP/1.1 503 Service Unavailable\r\nretry-after: 7\r\n\r\n");

        var refusal = await Assert.ThrowsAsync<UpgradeRefusedException>(() =>
            WebSocketUpgrade.RunAsync(stream, Target, null, new byte[4096], CancellationToken.None)
        );

        Assert.Equal((503, TimeSpan.FromSeconds(7)), (refusal.Status, refusal.RetryAfter));
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: wrong\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Sw")]
    public async Task Run_AnswerThatIsNoUpgrade_Throws(string answer)
    {
        using var stream = new ScriptedStream(_ => answer);

        await Assert.ThrowsAnyAsync<IOException>(() =>
            WebSocketUpgrade.RunAsync(stream, Target, null, new byte[4096], CancellationToken.None)
        );
    }

    private static string Accepted(string request)
    {
        var key = request
            .Split("\r\n")
            .Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.Ordinal))[19..];
#pragma warning disable CA5350 // RFC 6455 fixes SHA-1.
        var accept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
        );
#pragma warning restore CA5350
        return $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n";
    }
}
