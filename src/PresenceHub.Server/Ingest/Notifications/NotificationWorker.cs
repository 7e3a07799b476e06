using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Processes what was acknowledged to Graph, a few POSTs at a time: opening them costs more than taking
/// them.</summary>
internal sealed class NotificationWorker(
    NotificationQueue queue,
    NotificationProcessor processor,
    IOptions<NotificationOptions> options,
    IngestMetrics metrics,
    TimeProvider time,
    ILogger<NotificationWorker> logger
) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After so many attempts the subjects are read instead. The shard of their partition may be lost, and the workers
    /// must not all wait for it. Where all of Redis is away, that cannot be asked for either, and the batch is kept.
    /// </summary>
    private const int AttemptsBeforeHint = 5;

    /// <summary>
    /// Older notifications need no processing: their subjects have been read since, or will be as soon as the store is
    /// there. Taken from the monotonic clock, which no step of the store's clock moves.
    /// </summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private int _fails;

    /// <summary>What was acknowledged is processed before the process ends, as far as there is time.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await (ExecuteTask ?? Task.CompletedTask)
            .WaitAsync(StopPatience, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.Enabled
            ? Task.WhenAll(Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => WorkAsync(stoppingToken)))
            : Task.CompletedTask;

    /// <summary>False when nothing is left and nothing more will come.</summary>
    internal async Task<bool> ProcessOnceAsync(CancellationToken cancellationToken)
    {
        if (await queue.TryDequeueAsync(cancellationToken) is not { } batch)
        {
            return false;
        }

        for (var attempts = 1; !await TryProcessAsync(batch, attempts, cancellationToken); attempts++)
        {
            if (time.GetElapsedTime(batch.Timestamp) >= GiveUpAfter)
            {
                metrics.Notified("dropped", batch.Items.Count);
                break;
            }

            // Graph was told that it is in our hands.
            await Task.Delay(RetryDelay, time, cancellationToken);
        }

        return true;
    }

    /// <summary>False when the store is away.</summary>
    private async Task<bool> TryProcessAsync(NotificationBatch batch, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            await processor.ProcessAsync(batch, queue.IsCrowded || attempts > AttemptsBeforeHint, cancellationToken);
            if (Interlocked.Exchange(ref _fails, 0) is 1)
            {
                logger.NotificationsProcessedAgain();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _fails, 1) is 0)
            {
                logger.NotificationsNotProcessed(FailureReason.Of(exception));
            }

            if (exception is RedisException or RedisCommandException or TimeoutException)
            {
                return false;
            }

            metrics.Notified("dropped", batch.Items.Count);
        }

        return true;
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (await ProcessOnceAsync(cancellationToken)) { }
    }
}
