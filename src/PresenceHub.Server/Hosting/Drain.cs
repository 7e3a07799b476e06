using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Shuts a node down without loss: the node is no longer ready and accepts no new connections, then its clients are
/// asked to reconnect elsewhere, spread over a window, and the host stops when they have left.
/// </summary>
internal sealed class Drain(
    FanoutService fanout,
    Outboxes outboxes,
    IOptions<DrainOptions> options,
    TimeProvider time,
    ILogger<Drain> logger
) : IHealthCheck
{
    /// <summary>A client that is asked at the end of the window needs a moment to leave.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(50);

    private volatile bool _isDraining;
    private int _requests;

    public bool IsDraining => _isDraining;

    /// <summary>
    /// Counts a request to the hub until it is disposed. The request must be counted before it reads <see
    /// cref="IsDraining"/>; that of a connection lasts until the connection ends.
    /// </summary>
    public IDisposable Enter() => new Request(this);

    /// <summary>Returns when no client is left, or when the window and a grace period are over.</summary>
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
            // Includes clients whose request was in flight: SignalR does not close a connection that opens after it was
            // told to stop.
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
