using System.Net;

namespace PresenceHub.Server.Hosting;

/// <summary>What the hub knows of the proxies in front of it.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Http";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) and networks (<c>10.0.0.0/8</c>) of the proxies. <c>X-Forwarded-For</c>, <c>-Proto</c>, <c>-Host</c> and
    /// <c>-Prefix</c> of other senders are ignored, since any client can make them up. None by default.
    /// </summary>
    public IReadOnlyList<string> KnownProxies { get; set; } = [];

    /// <summary>The address, or a network of one address; null when the text is neither.</summary>
    internal static IPNetwork? TryParseProxy(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        // IPAddress reads "10" as 0.0.0.10.
        return IPAddress.TryParse(text, out var address) && (text.Contains(':', StringComparison.Ordinal) || address.ToString() == text)
            ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : null;
    }
}
