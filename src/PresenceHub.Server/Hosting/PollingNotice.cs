namespace PresenceHub.Server.Hosting;

/// <summary>Logs once that changes of the settings files are noticed later than usual, and why.</summary>
internal sealed class PollingNotice(string reason, ILogger<PollingNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        logger.SettingsPolled(reason);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
