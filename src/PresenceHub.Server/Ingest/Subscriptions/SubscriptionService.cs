using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Keeps the subscriptions of the delegated accounts while this node leads.</summary>
internal sealed class SubscriptionService(
    Leadership leadership,
    WatchedSubjects subjects,
    GraphSubscriptionsFactory graph,
    SubscriptionRegistry registry,
    AccountPool pool,
    AccountRegistry accounts,
    LifecycleNotices notices,
    NotifiedSubjects notified,
    Drift drift,
    RefusedSubjects refused,
    PresenceMirror mirror,
    IHostApplicationLifetime lifetime,
    IOptions<GraphOptions> options,
    IOptions<NotificationOptions> notifications,
    IOptions<SubscriptionOptions> subscriptions,
    IngestMetrics metrics,
    TimeProvider time,
    ILogger<SubscriptionService> logger
) : BackgroundService
{
    private static readonly TimeSpan TurnPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AccountPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private bool _accountsFail;

    private bool IsEnabled => notifications.Value.Enabled && !string.IsNullOrEmpty(options.Value.NotificationUrl);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsEnabled)
        {
            logger.NoSubscriptions();
            return;
        }

        // Graph calls back while it creates a subscription: the endpoint has to be there first.
        await WaitForStartAsync(stoppingToken);
        await leadership.LeadAsync(SubscribeAsync, stoppingToken);
    }

    /// <summary>After a term the subscriptions stay for the next leader: until then their notifications go
    /// on.</summary>
    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        using var planner = new SubscriptionPlanner(
            subjects,
            CreateSubscription,
            refused,
            drift,
            metrics,
            time,
            logger
        );
        void RegisterAgain(int partition) => planner.RegisterAgain();
        drift.Clear();
        mirror.EpochChanged += RegisterAgain;
        try
        {
            await Task.WhenAll(
                FollowAsync(() => notices.SubscribeAsync(planner.Notice), cancellationToken),
                FollowAsync(() => notified.SubscribeAsync(drift.Announced), cancellationToken),
                FollowAccountsAsync(planner, cancellationToken),
                TurnAsync(planner, cancellationToken)
            );
        }
        finally
        {
            mirror.EpochChanged -= RegisterAgain;
            metrics.SetCovered(0);
            metrics.SetAccounts(0, 0, 0);
        }
    }

    private AccountSubscription CreateSubscription(GraphAccount account) =>
        new(
            graph.Create(account),
            registry,
            refused,
            subscriptions.Value,
            notifications.Value.MinRecreateInterval,
            metrics,
            time,
            logger
        );

    private async Task TurnAsync(SubscriptionPlanner planner, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TurnPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    planner.TurnOnce(cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    logger.SubscriptionTurnFailed(exception);
                }
            }
        }
        finally
        {
            // The next term must not find calls of this one under way.
            await planner.WhenIdleAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAccountsAsync(SubscriptionPlanner planner, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                planner.SetAccounts(await pool.ReadAsync(cancellationToken));
                await accounts.PutHealthAsync(planner.Health, cancellationToken);
                _accountsFail = false;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                if (!_accountsFail)
                {
                    logger.AccountsNotRead(FailureReason.Of(exception));
                    _accountsFail = true;
                }
            }

            await Task.Delay(AccountPeriod, time, cancellationToken);
        }
    }

    private async Task FollowAsync(Func<Task<ChannelMessageQueue>> subscribe, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var queue = await subscribe().WaitAsync(cancellationToken);
                try
                {
                    await queue.Completion.WaitAsync(cancellationToken);
                }
                finally
                {
                    await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                logger.RefreshRequestsNotFollowed(FailureReason.Of(exception));
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private async Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.UnsafeRegister(_ => started.TrySetResult(), null);
        await started.Task.WaitAsync(cancellationToken);
    }
}
