using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Reads what is watched every few seconds.</summary>
internal sealed class InterestLoop(
    InterestReader reader,
    WatchedSubjects watched,
    Drift drift,
    TimeProvider time,
    ILogger<InterestLoop> logger
)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private bool _isFailing;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var delay = Period;
            try
            {
                await reader.ReadOnceAsync(cancellationToken);
                drift.Keep(watched.ToSet());
                _isFailing = false;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                delay = RetryDelay;
                if (!_isFailing)
                {
                    logger.InterestNotRead(FailureReason.Of(exception));
                    _isFailing = true;
                }
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }
}
