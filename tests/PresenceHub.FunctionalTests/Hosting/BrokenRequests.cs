using System.Net.Sockets;
using System.Text;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>Requests that are not well-formed HTTP.</summary>
internal static class BrokenRequests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>Requests with a secret at each place where a well-formed request has one.</summary>
    public static string[] With(string secret) =>
        [
            $"GET /hubs/presence?access_token={secret} HTTP/9.9\r\nHost: x\r\n\r\n",
            $"GET hubs?access_token={secret}\x01 HTTP/1.1\r\nHost: x\r\n\r\n",
            $"GET /hubs/presence?access_token={secret} HTTP/1.1\r\nHost: x\r\nAuthorization {secret}\r\n\r\n",
            $"GET /hubs/presence?access_token={secret} HTTP/1.1\r\nHost: {secret} x\r\n\r\n",
            $"POST /api/presence?access_token={secret} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz{secret}\r\n",
            "POST /dev/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            $"POST /graph/notifications/{secret} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz{secret}\r\n",
        ];

    /// <summary>Sends one of them, and expects that it is refused.</summary>
    public static async Task SendAsync(HubServer server, string request)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Address.Host, server.Address.Port, timeout.Token);
        var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), timeout.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadLineAsync(timeout.Token);
        Assert.Matches("^HTTP/1.1 (4..|505) ", answer);
    }
}
