using OpenTelemetry.Metrics;

namespace PresenceHub.Server.Hosting;

internal static class TelemetryServiceCollectionExtensions
{
    private const string MeterName = "PresenceHub";

    public static IServiceCollection AddTelemetry(this IServiceCollection services)
    {
        services
            .AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(MeterName)
                    .AddMeter("Microsoft.AspNetCore.Http.Connections")
                    .AddAspNetCoreInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddPrometheusExporter()
            );
        return services;
    }
}
