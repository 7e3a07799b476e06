using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hosting;

/// <summary>Ready means: what this node answers is what the store holds, and changes reach it.</summary>
internal sealed class StoreHealthCheck(MirrorFollower follower, SubscriptionProbe probe, IOptions<HealthOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (follower.Failure is { } failure)
        {
            // A node that never was in sync has nothing to serve.
            return options.Value.ReadyWithoutRedis && follower.HasBeenInSync
                ? HealthCheckResult.Degraded(failure)
                : HealthCheckResult.Unhealthy(failure);
        }

        return probe.Failure is { } lost ? HealthCheckResult.Unhealthy(lost) : HealthCheckResult.Healthy();
    }
}
