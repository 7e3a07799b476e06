namespace PresenceHub.Server.Hosting;

/// <summary>
/// Settings that follow from the emulator: from the <c>Emulator</c> section, or from its defaults. The emulator may run
/// in another process, so its defaults are repeated here; a published server does not contain the emulator.
/// </summary>
internal static class EmulatorDefaults
{
    internal const string TenantId = "7e7a0000-0000-4000-8000-00000000c0de";
    internal const string ClientId = "c11e0000-0000-4000-8000-00000000c0de";
    internal const string ClientSecret = "development-only";
    internal const string HubAudience = "api://presence-hub";

    /// <summary>Settings of the <c>Emulator</c> section that the server uses itself, wherever the emulator
    /// runs.</summary>
    internal static readonly string[] Sources =
    [
        "Emulator:TenantId",
        "Emulator:ClientId",
        "Emulator:ClientSecret",
        "Emulator:HubAudience",
    ];

    /// <summary>Fills in the settings that connect the server to this tenant. Configured values stay
    /// unchanged.</summary>
    /// <param name="configuration">It already contains <c>Graph:BaseUrl</c>.</param>
    public static void Apply(ConfigurationManager configuration)
    {
        var graph = new Uri(configuration["Graph:BaseUrl"]!);
        DerivedSettings.SetDefault(configuration, "Graph:AuthorityHost", graph.GetLeftPart(UriPartial.Authority));
        Set("Graph:TenantId", "Emulator:TenantId", TenantId);
        Set("Graph:ClientId", "Emulator:ClientId", ClientId);
        Set("Graph:ClientSecret", "Emulator:ClientSecret", ClientSecret);
        Set("Authentication:Audience", "Emulator:HubAudience", HubAudience);

        void Set(string key, string source, string fallback) =>
            DerivedSettings.SetDefault(configuration, key, configuration[source] ?? fallback);
    }
}
