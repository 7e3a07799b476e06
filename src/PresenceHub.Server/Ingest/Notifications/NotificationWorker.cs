using Microsoft.Extensions.Options;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Processes what was acknowledged to Graph, a few POSTs at a time: opening them costs more than taking them.</summary>
internal sealed class NotificationWorker(
    NotificationQueue queue, NotificationProcessor processor, IOptions<NotificationOptions> options, IngestMetrics metrics,
    ILogger<NotificationWorker> logger) : BackgroundService
{
    private int _fails;

    /// <summary>What was acknowledged is processed before the process ends, as far as there is time.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Value.Enabled
        ? Task.WhenAll(Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => WorkAsync(stoppingToken)))
        : Task.CompletedTask;

    /// <summary>False when nothing is left and nothing more will come.</summary>
    internal async Task<bool> ProcessOnceAsync(CancellationToken cancellationToken)
    {
        if (await queue.TryDequeueAsync(cancellationToken) is not { } batch)
        {
            return false;
        }

        try
        {
            await processor.ProcessAsync(batch, cancellationToken);
            _fails = 0;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.Notified("dropped", batch.Items.Count);
            if (Interlocked.Exchange(ref _fails, 1) is 0)
            {
                logger.NotificationsNotProcessed(FailureReason.Of(exception));
            }
        }

        return true;
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        while (await ProcessOnceAsync(cancellationToken))
        {
        }
    }
}
