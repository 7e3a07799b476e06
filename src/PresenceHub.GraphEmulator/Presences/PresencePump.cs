namespace PresenceHub.GraphEmulator.Presences;

/// <summary>Advances the company without reads, so that changes are notified soon after they happen.</summary>
internal sealed class PresencePump(PresenceBoard board, TimeProvider time, ILogger<PresencePump> logger)
    : BackgroundService
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(25);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (board.StandsStill)
        {
            return;
        }

        using var timer = new PeriodicTimer(Turn, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                board.Advance();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.AdvanceFailed(exception);
            }
        }
    }
}
