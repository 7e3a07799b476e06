using Microsoft.Extensions.Diagnostics.HealthChecks;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hosting;

/// <summary>Ready means: what this node answers is what the store holds, and changes reach it.</summary>
internal sealed class StoreHealthCheck(MirrorFollower follower, SubscriptionProbe probe) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult((follower.Failure ?? probe.Failure) is { } failure ? HealthCheckResult.Unhealthy(failure) : HealthCheckResult.Healthy());
}
