using System.Net;
using System.Net.Sockets;

namespace PresenceHub.Fleet.Connections;

/// <summary>An address to connect to, resolved once for all connections.</summary>
internal sealed record WebSocketTarget(Uri Address, IPEndPoint EndPoint)
{
    /// <summary>Whether the connections are encrypted.</summary>
    public bool IsSecure { get; } = Address.Scheme is "wss" or "https";

    /// <summary>
    /// Resolves an address of the scheme ws, wss, http or https. IPv4 is preferred: loopback has many addresses there.
    /// </summary>
    public static async Task<WebSocketTarget> ResolveAsync(Uri address, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(address.DnsSafeHost, cancellationToken).ConfigureAwait(false);
        var chosen = addresses.FirstOrDefault(candidate => candidate.AddressFamily is AddressFamily.InterNetwork)
            ?? addresses[0];
        return new WebSocketTarget(
            address,
            new IPEndPoint(chosen, address.Port > 0 ? address.Port : DefaultPort(address))
        );
    }

    private static int DefaultPort(Uri address) => address.Scheme is "wss" or "https" ? 443 : 80;
}
