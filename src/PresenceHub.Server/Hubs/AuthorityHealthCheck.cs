using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PresenceHub.Server.Hubs;

/// <summary>
/// Degraded, not unhealthy, without the issuer's keys: every node would leave the load balancer at once, and
/// connections that are already open are served all the same.
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
