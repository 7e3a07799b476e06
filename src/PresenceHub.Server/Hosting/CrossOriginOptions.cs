namespace PresenceHub.Server.Hosting;

/// <summary>Which pages may use the hub from a browser.</summary>
internal sealed class CrossOriginOptions
{
    public const string SectionName = "Http";

    /// <summary>
    /// Origins whose pages may use the hub and the reads over HTTP, in addition to the origin of the hub itself, such
    /// as https://intranet.example or capacitor://localhost. No paths and no wildcards; international names in Unicode
    /// or punycode. In simulation, loopback origins are allowed too.
    /// </summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];
}
