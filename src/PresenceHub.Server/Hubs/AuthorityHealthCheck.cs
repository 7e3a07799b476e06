using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Reports degraded, not unhealthy, without the issuer's keys: all nodes would leave the load balancer at once,
/// although they still serve open connections.
/// </summary>
internal sealed class AuthorityHealthCheck(Authority authority) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            authority.HasKeys
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded(
                    "The signing keys of Authentication:Authority cannot be fetched: new clients are not admitted"
                )
        );
}
