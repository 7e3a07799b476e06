using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// A node is ready when it answers with what the store holds and changes reach it. With only part of the store it is
/// ready and degraded.
/// </summary>
internal sealed class StoreHealthCheck(
    MirrorFollower follower,
    SubscriptionProbe probe,
    IOptions<HealthOptions> options
) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var failure = follower.Failure;
        if (failure is not null && !follower.IsPartlyInSync)
        {
            // A node that was never in sync has nothing to serve.
            return options.Value.ReadyWithoutRedis && follower.HasBeenInSync
                ? HealthCheckResult.Degraded(failure)
                : HealthCheckResult.Unhealthy(failure);
        }

        if (probe.Failure is { } lost)
        {
            return HealthCheckResult.Unhealthy(lost);
        }

        // As far as this node can tell, other nodes reach no more of the store.
        return failure is null ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(failure);
    }
}
