using System.Net;
using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Hosting;

/// <summary>The addresses of the server in the settings, in the order of precedence that Kestrel uses.</summary>
internal static class ListenAddress
{
    private const string EndpointsSection = "Kestrel:Endpoints";

    /// <summary>
    /// The address for requests from this machine, preferably without TLS; null when no setting names one.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting does not name an address.</exception>
    public static BindingAddress? TryFind(IConfiguration configuration)
    {
        var all = FindAll(configuration);
        return Array.Find(all, address => address.Scheme is "http") ?? (all.Length > 0 ? all[0] : null);
    }

    /// <summary>
    /// The host under which this machine reaches the address. Kestrel takes every name as any address.
    /// </summary>
    public static string ReachableHost(BindingAddress address) =>
        IPAddress.TryParse(address.Host, out var ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)
            ? address.Host
            : "localhost";

    private static BindingAddress[] FindAll(IConfiguration configuration)
    {
        var endpoints = configuration
            .GetSection(EndpointsSection)
            .GetChildren()
            .Select(endpoint => endpoint["Url"])
            .OfType<string>()
            .ToArray();
        string[] addresses =
            endpoints.Length > 0 ? endpoints
            : Split(configuration["urls"]) is { Length: > 0 } urls ? urls
            :
            [
                .. Split(configuration["http_ports"]).Select(port => $"http://*:{port}"),
                .. Split(configuration["https_ports"]).Select(port => $"https://*:{port}"),
            ];
        return Array.ConvertAll(addresses, Parse);
    }

    private static BindingAddress Parse(string address)
    {
        try
        {
            return BindingAddress.Parse(address);
        }
        catch (FormatException)
        {
            throw new OptionsValidationException(
                string.Empty,
                typeof(ListenAddress),
                [
                    $"{EndpointsSection}, urls or http_ports (ASPNETCORE_URLS, ASPNETCORE_HTTP_PORTS) names {address}, which is no address such as http://*:8080",
                ]
            );
        }
    }

    private static string[] Split(string? text) =>
        text?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
