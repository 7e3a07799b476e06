using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Processes the acknowledged POSTs, a few at a time. Decrypting them takes longer than receiving them.
/// </summary>
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
    /// After this many attempts the subjects are refreshed instead. The shard of their partition may be lost, and the
    /// workers must not all wait for it. When all of Redis is away, a refresh cannot be requested either, and the batch
    /// is kept.
    /// </summary>
    private const int AttemptsBeforeRefresh = 5;

    /// <summary>
    /// Older notifications need no processing: their subjects have been read since, or are read as soon as the store is
    /// back. The age is taken from the monotonic clock.
    /// </summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private int _isFailing;

    /// <summary>Processes the acknowledged POSTs before the server stops, as far as the time allows.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await (ExecuteTask ?? Task.CompletedTask)
            .WaitAsync(StopTimeout, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.Enabled
            ? Task.WhenAll(Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => WorkAsync(stoppingToken)))
            : Task.CompletedTask;

    /// <summary>Returns false when the queue is complete and empty.</summary>
    internal async Task<bool> ProcessOnceAsync(CancellationToken cancellationToken)
    {
        if (await queue.TryDequeueAsync(cancellationToken) is not { } batch)
        {
            return false;
        }

        for (var attempts = 1; !await TryProcessAsync(batch, attempts, cancellationToken); attempts++)
        {
            if (time.GetElapsedTime(batch.Timestamp) >= MaxAge)
            {
                metrics.Notified("dropped", batch.Items.Count);
                break;
            }

            // The batch was acknowledged: Graph does not send it again.
            await Task.Delay(RetryDelay, time, cancellationToken);
        }

        return true;
    }

    /// <summary>Returns false when the store is away.</summary>
    private async Task<bool> TryProcessAsync(NotificationBatch batch, int attempts, CancellationToken cancellationToken)
    {
        try
        {
            await processor.ProcessAsync(batch, queue.IsCrowded || attempts > AttemptsBeforeRefresh, cancellationToken);
            if (Interlocked.Exchange(ref _isFailing, 0) is 1)
            {
                logger.NotificationsRecovered();
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _isFailing, 1) is 0)
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
