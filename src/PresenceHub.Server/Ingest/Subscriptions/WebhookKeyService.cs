using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Keeps the key of the notification URL known on this node, before the first notification needs it.</summary>
internal sealed class WebhookKeyService(
    WebhookKeyStore keys,
    PresenceMirror mirror,
    IOptions<NotificationOptions> options,
    TimeProvider time,
    ILogger<WebhookKeyService> logger
) : BackgroundService
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly WorkSignal _lost = new();
    private bool _fails;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        void Lost(int partition) => _lost.Set();
        mirror.EpochChanged += Lost;
        try
        {
            while (true)
            {
                var wait = await TryRefreshOnceAsync(stoppingToken) ? RefreshPeriod : RetryDelay;
                using var timer = new CancellationTokenSource(wait, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stoppingToken);
                await _lost.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            mirror.EpochChanged -= Lost;
        }
    }

    private async Task<bool> TryRefreshOnceAsync(CancellationToken cancellationToken)
    {
        // Every partition reports lost data: one refresh serves all.
        _lost.Reset();

        try
        {
            await keys.RefreshAsync(cancellationToken);
            _fails = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_fails)
            {
                logger.WebhookKeyNotRead(FailureReason.Of(exception));
            }

            _fails = true;
        }

        return !_fails;
    }
}
