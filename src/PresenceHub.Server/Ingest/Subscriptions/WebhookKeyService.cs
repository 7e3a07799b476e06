using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Keeps the webhook key of this node current, so that it is known before the first notification arrives.
/// </summary>
internal sealed class WebhookKeyService(
    WebhookKeyStore keys,
    PresenceMirror mirror,
    IOptions<NotificationOptions> options,
    TimeProvider time,
    ILogger<WebhookKeyService> logger
) : BackgroundService
{
    private static readonly TimeSpan ReadPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly WorkSignal _lostData = new();
    private bool _isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        void ReportLostData(int partition) => _lostData.Set();
        mirror.EpochChanged += ReportLostData;
        try
        {
            while (true)
            {
                var wait = await TryReadOnceAsync(stoppingToken) ? ReadPeriod : RetryDelay;
                using var timer = new CancellationTokenSource(wait, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stoppingToken);
                await _lostData.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            mirror.EpochChanged -= ReportLostData;
        }
    }

    private async Task<bool> TryReadOnceAsync(CancellationToken cancellationToken)
    {
        // Each partition reports lost data separately. One update handles all reports.
        _lostData.Reset();

        try
        {
            await keys.RefreshAsync(cancellationToken);
            _isFailing = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isFailing)
            {
                logger.WebhookKeyNotRead(FailureReason.Of(exception));
            }

            _isFailing = true;
        }

        return !_isFailing;
    }
}
