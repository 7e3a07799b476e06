using Microsoft.Extensions.Diagnostics.HealthChecks;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hosting;

/// <summary>Ready means: what this node answers is what the store holds.</summary>
internal sealed class StoreHealthCheck(MirrorFollower follower) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(follower.Failure is { } failure ? HealthCheckResult.Unhealthy(failure) : HealthCheckResult.Healthy());
}
