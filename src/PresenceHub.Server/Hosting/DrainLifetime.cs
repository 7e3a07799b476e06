using System.Runtime.InteropServices;

namespace PresenceHub.Server.Hosting;

/// <summary>
/// Runs the drain between the signal that ends the process (SIGTERM or Ctrl+C) and the stop of the host. A hosted
/// service would run too late: SignalR closes every connection as soon as the host is asked to stop. A second signal
/// ends the process without waiting.
/// </summary>
internal sealed class DrainLifetime(
    Lazy<Drain> drain,
    IHostApplicationLifetime application,
    ILogger<DrainLifetime> logger
) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signals;
    private Task _draining = Task.CompletedTask;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _draining.WaitAsync(cancellationToken);

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) is 1)
        {
            _draining = DrainAndStopAsync();
        }
        else
        {
            application.StopApplication();
        }
    }

    private async Task DrainAndStopAsync()
    {
        try
        {
            await drain.Value.RunAsync(application.ApplicationStopping);
        }
        catch (OperationCanceledException) when (application.ApplicationStopping.IsCancellationRequested)
        {
            // A second signal ends the wait.
        }
        catch (Exception exception)
        {
            logger.DrainFailed(exception);
        }
        finally
        {
            application.StopApplication();
        }
    }
}
