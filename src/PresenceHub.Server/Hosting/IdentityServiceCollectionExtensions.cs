using Microsoft.AspNetCore.Authentication.JwtBearer;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hosting;

/// <summary>Where the features need to know the same things about the tenant.</summary>
internal static class IdentityServiceCollectionExtensions
{
    public static IServiceCollection AddTenantIdentity(this IServiceCollection services)
    {
        // From the configuration: options that are not valid cannot be read, and each feature names its own mistakes.
        services
            .AddOptions<WatchListOptions>()
            .PostConfigure<IConfiguration>(
                (lists, configuration) =>
                    lists.TenantId = Guid.TryParse(configuration["Graph:TenantId"], out var tenantId)
                        ? tenantId
                        : Guid.Empty
            );
        services
            .AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TrustedRoot>((bearer, root) => bearer.BackchannelHttpHandler = root.CreateHandler());
        return services;
    }
}
