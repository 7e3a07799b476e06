using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: the node should receive traffic; if not, the answer
/// says why.
/// </summary>
internal static class HealthEndpoints
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddOptions<HealthOptions>().BindConfiguration(HealthOptions.SectionName).ValidateOnStart();
        services.AddHealthChecks().AddCheck<StoreHealthCheck>("store");
        return services;
    }

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks(
            "/health/live",
            new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }
        );
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        if (RetryLaterAnswer.IsDueFor(context.Response.StatusCode))
        {
            RetryLaterAnswer.SetRetryAfter(context.Response);
        }

        return context.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status switch
                {
                    HealthStatus.Healthy => "ok",
                    HealthStatus.Degraded => "degraded",
                    _ => "unavailable",
                },
                failures = report
                    .Entries.Where(entry => entry.Value.Status is not HealthStatus.Healthy)
                    .ToDictionary(entry => entry.Key, entry => entry.Value.Description),
            }
        );
    }
}
