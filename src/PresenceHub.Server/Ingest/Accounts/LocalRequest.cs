using System.Net;
using Microsoft.AspNetCore.Connections.Features;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Tells a browser on the machine itself from everything that only looks like one.</summary>
internal static class LocalRequest
{
    // X-Original-* is what the forwarded headers of a known proxy have replaced.
    private static readonly string[] ProxyHeaderPrefixes =
    [
        "X-Forwarded-",
        "X-Original-",
        "X-Real-IP",
        "Forwarded",
        "Via",
    ];

    /// <summary>
    /// The peer of the connection is this machine, no proxy has left a header, and the host is a name of this machine:
    /// a local proxy, and a name that is made to point here, speak for clients elsewhere.
    /// </summary>
    public static bool IsDirect(HttpContext context) =>
        PeerOf(context) is { } peer
        && IPAddress.IsLoopback(peer)
        && context.Request.Host.Host is ("localhost" or "127.0.0.1" or "[::1]")
        && !context.Request.Headers.Keys.Any(IsLeftByProxy);

    /// <summary>From the connection: forwarded headers change the address of the request.</summary>
    private static IPAddress? PeerOf(HttpContext context) =>
        context.Features.Get<IConnectionEndPointFeature>() is { RemoteEndPoint: IPEndPoint peer }
            ? peer.Address
            : context.Connection.RemoteIpAddress;

    private static bool IsLeftByProxy(string header) =>
        ProxyHeaderPrefixes.Any(prefix => header.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
