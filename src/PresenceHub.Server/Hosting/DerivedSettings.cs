using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Hosting;

/// <summary>Sets settings that follow from others. Configured settings are not changed.</summary>
internal static class DerivedSettings
{
    /// <summary>
    /// Clients sign in to the tenant whose presence is read, to the application that reads it:
    /// <c>Authentication:Authority</c> and <c>Authentication:Audience</c> follow from the settings of Graph.
    /// </summary>
    public static void Apply(ConfigurationManager configuration)
    {
        if (Guid.TryParse(configuration["Graph:TenantId"], out var tenantId))
        {
            var authorityHost = configuration["Graph:AuthorityHost"] is { Length: > 0 } host
                ? host
                : GraphOptions.GlobalAuthority;
            SetDefault(configuration, "Authentication:Authority", $"{authorityHost.TrimEnd('/')}/{tenantId}/v2.0");
        }

        if (Guid.TryParse(configuration["Graph:ClientId"], out var clientId))
        {
            SetDefault(configuration, "Authentication:Audience", clientId.ToString());
        }
    }

    public static void SetDefault(ConfigurationManager configuration, string key, string value)
    {
        if (string.IsNullOrWhiteSpace(configuration[key]))
        {
            configuration[key] = value;
        }
    }
}
