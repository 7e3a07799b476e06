using System.Net;

namespace PresenceHub.Server.Hosting;

/// <summary>The proxies in front of the hub.</summary>
internal sealed class ProxyOptions
{
    public const string SectionName = "Http";

    /// <summary>
    /// Addresses (<c>10.0.0.5</c>) and networks (<c>10.0.0.0/8</c>) of the proxies. <c>X-Forwarded-For</c>,
    /// <c>-Proto</c>, <c>-Host</c> and <c>-Prefix</c> from any other sender are ignored, because any client can send
    /// them.
    /// </summary>
    public IReadOnlyList<string> KnownProxies { get; set; } = [];

    /// <summary>
    /// Path below which the proxies publish the hub, such as <c>/presence</c>, whether they remove it or pass it on. It
    /// begins with a slash and does not end with one. Without it, <c>X-Forwarded-Prefix</c> from a known proxy is used.
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
