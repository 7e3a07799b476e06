using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Runs a <see cref="SubscriptionTerm"/> whenever this node leads.</summary>
internal sealed class SubscriptionService(
    Leadership leadership,
    SubscriptionAvailability availability,
    IServiceScopeFactory scopes,
    IHostApplicationLifetime lifetime,
    ILogger<SubscriptionService> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (availability.DisabledReason is { } reason)
        {
            logger.SubscriptionsDisabled(reason);
            return;
        }

        // Graph calls the notification endpoint while it creates a subscription: the server has to listen first.
        await WaitForStartAsync(stoppingToken);
        await leadership.LeadAsync(RunTermAsync, stoppingToken);
    }

    private async Task RunTermAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SubscriptionTerm>().RunAsync(cancellationToken);
    }

    private async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.UnsafeRegister(_ => started.TrySetResult(), null);
        await started.Task.WaitAsync(cancellationToken);
    }
}
