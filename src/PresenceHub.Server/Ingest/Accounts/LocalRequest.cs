using System.Net;
using Microsoft.AspNetCore.Connections.Features;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Recognizes requests of a browser on the same machine.</summary>
internal static class LocalRequest
{
    // X-Original-* headers hold the values that the forwarded headers of a known proxy have replaced.
    private static readonly string[] ProxyHeaderPrefixes =
    [
        "X-Forwarded-",
        "X-Original-",
        "X-Real-IP",
        "Forwarded",
        "Via",
    ];

    /// <summary>
    /// Returns true when the peer of the connection is this machine, no proxy header is present, and the host is a name
    /// of this machine. A local proxy, or another name that resolves to this machine, may forward requests of remote
    /// clients.
    /// </summary>
    public static bool IsDirect(HttpContext context) =>
        PeerOf(context) is { } peer
        && IPAddress.IsLoopback(peer)
        && context.Request.Host.Host is ("localhost" or "127.0.0.1" or "[::1]")
        && !context.Request.Headers.Keys.Any(IsProxyHeader);

    /// <summary>
    /// Uses the address of the connection, because forwarded headers change the address of the request.
    /// </summary>
    private static IPAddress? PeerOf(HttpContext context) =>
        context.Features.Get<IConnectionEndPointFeature>() is { RemoteEndPoint: IPEndPoint peer }
            ? peer.Address
            : context.Connection.RemoteIpAddress;

    private static bool IsProxyHeader(string header) =>
        ProxyHeaderPrefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
