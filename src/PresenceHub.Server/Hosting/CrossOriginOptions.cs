namespace PresenceHub.Server.Hosting;

internal sealed class CrossOriginOptions
{
    public const string SectionName = "Http";

    /// <summary>
    /// Origins whose pages may use the hub and the reads from a browser, besides the hub's own, such as
    /// https://intranet.example or capacitor://localhost. International names in Unicode or punycode. In simulation
    /// loopback origins are allowed too.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];
}
