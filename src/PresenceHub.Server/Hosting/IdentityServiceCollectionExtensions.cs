using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hosting;

/// <summary>Gives the features the same tenant and trusted roots.</summary>
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
