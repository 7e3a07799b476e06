using System.Diagnostics.Metrics;
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
        services.ConfigureOpenTelemetryMeterProvider(
            (provider, metrics) =>
            {
                var own = provider.GetRequiredService<IMeterFactory>();
                metrics.AddView(instrument =>
                    IsOfAnotherServer(instrument, own) ? MetricStreamConfiguration.Drop : null
                );
            }
        );
        return services;
    }

    /// <summary>
    /// Listeners hear every instrument of the process. In Development the emulator runs beside the hub, and tests run
    /// several hubs in one process. Instruments of the runtime have no scope.
    /// </summary>
    private static bool IsOfAnotherServer(Instrument instrument, IMeterFactory own) =>
        instrument.Meter.Scope is IMeterFactory factory && factory != own;
}
