using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Ends a node without loss: first it is no longer ready and takes no new connections, then its clients are asked to go, spread over a
/// window; what remains is stopped when they have gone.
/// </summary>
internal sealed class Drain(FanoutService fanout, Outboxes outboxes, IOptions<DrainOptions> options, TimeProvider time, ILogger<Drain> logger)
    : IHealthCheck
{
    /// <summary>A client that was asked to go at the end of the window needs a moment for it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(50);

    private volatile bool _isDraining;

    public bool IsDraining => _isDraining;

    /// <summary>Returns when no client is left, or the window and a grace are over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        var window = options.Value.Window;
        if (outboxes.Count is 0)
        {
            return;
        }

        logger.Draining(outboxes.Count, window.TotalSeconds);
        fanout.DrainAll(window);
        var started = time.GetTimestamp();
        while (outboxes.Count > 0 && time.GetElapsedTime(started) < window + Grace)
        {
            await Task.Delay(CheckPeriod, time, cancellationToken);
        }

        logger.Drained(outboxes.Count);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_isDraining ? HealthCheckResult.Unhealthy("this node is going away") : HealthCheckResult.Healthy());
}
