using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// Flushes the outboxes that have something to send. An idle connection is written to at once; while the flushers are
/// busy, more changes gather. The flushers have their own threads, so that a crowd of new clients does not delay them,
/// and never wait for a client.
/// </summary>
internal sealed class FanoutService(
    Outboxes outboxes,
    FanoutMetrics metrics,
    IOptions<FanoutOptions> options,
    TimeProvider time,
    ILogger<FanoutService> logger
) : BackgroundService
{
    private static readonly TimeSpan StuckCheckPeriod = TimeSpan.FromSeconds(1);

    private readonly LogLimit _stuckLimit = new(time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var stopping = stoppingToken.Register(outboxes.Ready.Complete);
        var flushers = Enumerable
            .Range(0, Environment.ProcessorCount)
            .Select(_ =>
                Task.Factory.StartNew(
                    FlushUntilCompleted,
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            );
        await Task.WhenAll([.. flushers, CloseStuckAsync(stoppingToken)]);
    }

    /// <summary>Closes every connection that has accepted nothing for too long.</summary>
    internal void CloseStuckOnce()
    {
        foreach (var outbox in outboxes.All.Where(outbox => outbox.WaitingFor > options.Value.StuckAfter))
        {
            if (_stuckLimit.TryTake(out var others))
            {
                logger.ConnectionStuck(outbox.ConnectionId, outbox.PendingCount, others);
            }

            metrics.ConnectionClosed("stuck");
            outbox.Abort();
        }
    }

    /// <summary>Tells every client to reconnect elsewhere, each at a random time within the window.</summary>
    internal void DrainAll(TimeSpan window)
    {
        foreach (var outbox in outboxes.All)
        {
            outbox.Drain(window * Random.Shared.NextDouble());
        }
    }

    private void FlushUntilCompleted()
    {
        var frames = new FrameCache();
        while (outboxes.Ready.Take(out var outbox))
        {
            outbox.Flush(frames);
        }
    }

    private async Task CloseStuckAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(StuckCheckPeriod, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            CloseStuckOnce();
        }
    }
}
