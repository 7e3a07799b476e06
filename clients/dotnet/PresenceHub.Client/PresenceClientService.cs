using Microsoft.Extensions.Hosting;

namespace PresenceHub.Client;

/// <summary>Runs the client for as long as the host runs. The start does not wait for the hub, which may be
/// away.</summary>
internal sealed class PresenceClientService(PresenceClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        client.Begin(CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => client.StopAsync(cancellationToken);
}
