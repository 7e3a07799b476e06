using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hosting;

/// <summary>Where the features need to know the same things about the tenant.</summary>
internal static class IdentityServiceCollectionExtensions
{
    public static IServiceCollection AddTenantIdentity(this IServiceCollection services)
    {
        services.AddSingleton(provider => new HubTenant(
            Guid.Parse(provider.GetRequiredService<IOptions<GraphOptions>>().Value.TenantId!)
        ));
        services
            .AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TrustedRoot>((bearer, root) => bearer.BackchannelHttpHandler = root.CreateHandler());
        return services;
    }
}
