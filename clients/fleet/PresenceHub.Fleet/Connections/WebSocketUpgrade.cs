using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace PresenceHub.Fleet.Connections;

/// <summary>The HTTP/1.1 request that turns a stream into a WebSocket, RFC 6455 section 4.</summary>
internal static class WebSocketUpgrade
{
    private const string AcceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private const int KeyBytes = 16;
    private const int SwitchingProtocols = 101;

    /// <summary>
    /// Performs the upgrade; what arrived behind the answer is left in <paramref name="buffer"/> in the returned
    /// range.
    /// </summary>
    public static async Task<(int Start, int End)> RunAsync(
        Stream stream,
        WebSocketTarget target,
        string? accessToken,
        byte[] buffer,
        CancellationToken cancellationToken
    )
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes));
        await stream
            .WriteAsync(Encoding.ASCII.GetBytes(Request(target, accessToken, key)), cancellationToken)
            .ConfigureAwait(false);

        var received = 0;
        while (true)
        {
            var count = await stream.ReadAsync(buffer.AsMemory(received), cancellationToken).ConfigureAwait(false);
            received += count;
            var end = buffer.AsSpan(0, received).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                Check(Encoding.ASCII.GetString(buffer, 0, end), key);
                return (end + 4, received);
            }

            if (count is 0 || received == buffer.Length)
            {
                throw new IOException(
                    count is 0
                        ? "The server closed the connection during the WebSocket upgrade"
                        : "The answer to the WebSocket upgrade has too long a header"
                );
            }
        }
    }

    private static string Request(WebSocketTarget target, string? accessToken, string key)
    {
        var request = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"GET {target.Address.PathAndQuery} HTTP/1.1\r\n")
            .Append(CultureInfo.InvariantCulture, $"Host: {target.Address.Authority}\r\n")
            .Append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
            .Append(CultureInfo.InvariantCulture, $"Sec-WebSocket-Key: {key}\r\n");
        if (accessToken is not null)
        {
            request.Append(CultureInfo.InvariantCulture, $"Authorization: Bearer {accessToken}\r\n");
        }

        return request.Append("\r\n").ToString();
    }

    private static void Check(string head, string key)
    {
        var lines = head.Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (
            status.Length < 2
            || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        )
        {
            throw new IOException("The server does not speak HTTP");
        }

        if (code != SwitchingProtocols)
        {
            throw new UpgradeRefusedException(
                code,
                status.ElementAtOrDefault(2) ?? string.Empty,
                RetryAfter(Header(lines, "Retry-After"))
            );
        }

#pragma warning disable CA5350 // RFC 6455 fixes SHA-1 here; it protects nothing.
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + AcceptSuffix)));
#pragma warning restore CA5350
        if (Header(lines, "Sec-WebSocket-Accept") != accept)
        {
            throw new WebSocketProtocolException("The server accepted another WebSocket key than the one it was sent");
        }
    }

    private static string? Header(string[] lines, string name)
    {
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon == name.Length && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(colon + 1)..].Trim();
            }
        }

        return null;
    }

    // The hub sends seconds; a date, which HTTP also allows, is treated as absent.
    private static TimeSpan? RetryAfter(string? value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
