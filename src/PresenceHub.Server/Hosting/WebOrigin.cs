using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// The origin of a page in the form that browsers send: lower case, the host in punycode, no default port. Apps in web
/// views and browser extensions have schemes of their own (<c>capacitor://localhost</c>, <c>chrome-extension://…</c>).
/// </summary>
internal sealed partial record WebOrigin
{
    private const int MaxLength = 512;
    private const int NoPort = -1;

    private static readonly IdnMapping Idn = new();

    private WebOrigin(string scheme, string host, int port) => (Scheme, Host, Port) = (scheme, host, port);

    public string Scheme { get; }

    public string Host { get; }

    public int Port { get; }

    /// <summary>Whether the page comes from a server on the browser's own machine.</summary>
    public bool IsLoopback => IsHttp && Host is "localhost" or "127.0.0.1" or "[::1]";

    private bool IsHttp => DefaultPort(Scheme) is not NoPort;

    /// <summary>
    /// Null if the text cannot be the origin of a page: a path, a wildcard, <c>null</c>, <c>file:</c>.
    /// </summary>
    public static WebOrigin? TryParse(string? text)
    {
        if (text is not { Length: <= MaxLength } || Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var scheme = match.Groups["scheme"].Value.ToLowerInvariant();
        var port = DefaultPort(scheme);
        if (
            match.Groups["port"] is { Success: true } given
            && (
                !int.TryParse(given.ValueSpan, CultureInfo.InvariantCulture, out port)
                || port is 0 or > IPEndPoint.MaxPort
            )
        )
        {
            return null;
        }

        return scheme is "file" or "ftp" or "ws" or "wss" || ToAscii(match.Groups["host"].Value) is not { } host
            ? null
            : new WebOrigin(scheme, host, port);
    }

    /// <summary>
    /// Whether the page comes from the host of the request. The schemes are not compared, because TLS may end at a
    /// proxy that does not report it. A host without a port means the default port of the page's scheme.
    /// </summary>
    public bool IsAt(HostString host) =>
        IsHttp && host.HasValue && (host.Port ?? DefaultPort(Scheme)) == Port && ToAscii(host.Host) == Host;

    public override string ToString() =>
        Port == DefaultPort(Scheme)
            ? $"{Scheme}://{Host}"
            : string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    private static int DefaultPort(string scheme) =>
        scheme switch
        {
            "http" => 80,
            "https" => 443,
            _ => NoPort,
        };

    private static string? ToAscii(string host)
    {
        if (host.StartsWith('['))
        {
            return IPAddress.TryParse(host, out var address) ? $"[{address}]" : null;
        }

        try
        {
            return Idn.GetAscii(host.ToLowerInvariant()).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        @"^(?<scheme>[a-z][a-z0-9+.-]*)://(?<host>\[[0-9a-f:.]+\]|[\w.-]+)(:(?<port>[0-9]{1,5}))?\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Form();
}
