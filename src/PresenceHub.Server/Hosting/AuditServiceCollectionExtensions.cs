using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

internal static class AuditServiceCollectionExtensions
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services
            .AddOptions<AuditOptions>()
            .BindConfiguration(AuditOptions.SectionName)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddHostedService<AuditKeyService>();
        return services;
    }
}
