using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Ends a node without loss: first it is no longer ready and takes no new connections, then its clients are asked to
/// go, spread over a window; what remains is stopped when they have gone.
/// </summary>
internal sealed class Drain(
    FanoutService fanout,
    Outboxes outboxes,
    IOptions<DrainOptions> options,
    TimeProvider time,
    ILogger<Drain> logger
) : IHealthCheck
{
    /// <summary>A client that was asked to go at the end of the window needs a moment for it.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(50);

    private volatile bool _isDraining;
    private int _requests;

    public bool IsDraining => _isDraining;

    /// <summary>Counts a request to the hub, from before it asks <see cref="IsDraining"/> until it is disposed: for a
    /// connection, its end.</summary>
    public IDisposable Enter() => new Request(this);

    /// <summary>Returns when no client is left, or the window and a grace are over.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        if (!HasClients)
        {
            return;
        }

        var window = options.Value.Window;
        logger.Draining(outboxes.Count, window.TotalSeconds);
        var started = time.GetTimestamp();
        while (HasClients && time.GetElapsedTime(started) < window + Grace)
        {
            // Also those whose request was on its way in; SignalR would not close one that opens after it was told to
            // stop.
            var left = window - time.GetElapsedTime(started);
            fanout.DrainAll(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            await Task.Delay(CheckPeriod, time, cancellationToken);
        }

        logger.Drained(outboxes.Count);
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            _isDraining ? HealthCheckResult.Unhealthy("this node is going away") : HealthCheckResult.Healthy()
        );

    private bool HasClients => outboxes.Count > 0 || Volatile.Read(ref _requests) > 0;

    private sealed class Request : IDisposable
    {
        private readonly Drain _drain;

        public Request(Drain drain)
        {
            _drain = drain;
            Interlocked.Increment(ref drain._requests);
        }

        public void Dispose() => Interlocked.Decrement(ref _drain._requests);
    }
}
