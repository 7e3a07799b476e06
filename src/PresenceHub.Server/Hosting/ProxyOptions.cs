using System.Net;

namespace PresenceHub.Server.Hosting;

/// <summary>What the hub knows of the proxies in front of it.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Http";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) and networks (<c>10.0.0.0/8</c>) of the proxies. <c>X-Forwarded-For</c>,
    /// <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> of other senders are ignored, since any client can make them up.
    /// None by default.
    /// </summary>
    public IReadOnlyList<string> KnownProxies { get; set; } = [];

    /// <summary>
    /// Path below which the proxies publish the hub, such as <c>/presence</c>, whether they strip it or keep it.
    /// Without it, that of <c>X-Forwarded-Prefix</c> from a known proxy is used; none by default.
    /// </summary>
    public string? PathBase { get; set; }

    /// <summary>The address, or a network of one address; null when the text is neither.</summary>
    internal static IPNetwork? TryParseProxy(string text)
    {
        if (IPNetwork.TryParse(text, out var network))
        {
            return network;
        }

        // IPAddress reads "10" as 0.0.0.10.
        if (
            !IPAddress.TryParse(text, out var address)
            || !(text.Contains(':', StringComparison.Ordinal) || address.ToString() == text)
        )
        {
            return null;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return new IPNetwork(address, address.GetAddressBytes().Length * 8);
    }
}
