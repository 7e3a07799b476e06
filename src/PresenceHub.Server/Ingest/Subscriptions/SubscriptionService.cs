using System.Collections.Frozen;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Spreads the watched subjects over the subscriptions of the delegated accounts, while this node leads.</summary>
internal sealed class SubscriptionService(
    Leadership leadership, PollSchedule schedule, GraphClients graph, DelegatedTokens tokens, EncryptionCertificate certificate,
    SubscriptionRegistry registry, LifecycleNotices notices, IHostApplicationLifetime lifetime, IOptions<GraphOptions> options,
    IOptions<NotificationOptions> notifications, IngestMetrics metrics, TimeProvider time, ILogger<SubscriptionService> logger) : BackgroundService
{
    private static readonly TimeSpan TurnPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private HashSet<SubjectId> _watched = [];
    private FrozenSet<SubjectId>[] _plannedFor = [];
    private (AccountSubscription Account, IReadOnlyList<SubjectId> Wanted)[] _plan = [];
    private int _plannedVersion = -1;

    private bool IsEnabled => notifications.Value.Enabled && options.Value.Accounts.Count > 0;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsEnabled)
        {
            logger.NoSubscriptions();
            return;
        }

        if (notifications.Value.IncludeResourceData)
        {
            await certificate.PrepareAsync(stoppingToken);
        }

        // Graph calls back while it creates a subscription: the endpoint has to be there first.
        await WaitForStartAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var term = await leadership.WaitForTermAsync(stoppingToken);
            using var leading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, term);
            try
            {
                _plannedVersion = -1;
                var account = CreateSubscription(options.Value.Accounts[0]);
                await Task.WhenAll(FollowNoticesAsync(account, leading.Token), TurnAsync([account], leading.Token));
            }
            catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
            {
                // The term has ended. The subscriptions stay for the next leader: until then their notifications go on.
            }

            metrics.SetCovered(0);
        }
    }

    internal async Task TurnOnceAsync(IReadOnlyList<AccountSubscription> accounts, CancellationToken cancellationToken)
    {
        if (_plannedVersion != schedule.Version || !_plannedFor.SequenceEqual(accounts.Select(account => account.Covered)))
        {
            _plannedVersion = schedule.Version;
            _watched = [.. schedule.Snapshot()];
            _plannedFor = [.. accounts.Select(account => account.Covered)];
            _plan = [.. Assign(_watched, accounts)];
        }

        foreach (var (account, wanted) in _plan)
        {
            if (await account.TurnOnceAsync(wanted, cancellationToken))
            {
                schedule.Hint(account.Covered.Where(_watched.Contains));
            }
        }

        var covered = accounts.Count is 1 ? accounts[0].Covered : accounts.SelectMany(account => account.Covered).ToFrozenSet();
        schedule.SetCovered(covered);
        metrics.SetCovered(covered.Count(_watched.Contains));
    }

    /// <summary>Whoever is covered stays where it is; the others fill up what is free.</summary>
    internal static IEnumerable<(AccountSubscription Account, IReadOnlyList<SubjectId> Wanted)> Assign(
        IReadOnlySet<SubjectId> watched, IReadOnlyList<AccountSubscription> accounts)
    {
        var covered = accounts.SelectMany(account => account.Covered).ToHashSet();
        var waiting = new Queue<SubjectId>(watched.Where(subject => !covered.Contains(subject)));
        foreach (var account in accounts)
        {
            var wanted = account.Covered.Where(watched.Contains).ToList();
            while (wanted.Count < AccountSubscription.Capacity && waiting.TryDequeue(out var subject))
            {
                wanted.Add(subject);
            }

            yield return (account, wanted);
        }
    }

    private AccountSubscription CreateSubscription(GraphAccount account) => new(
        new GraphSubscriptions(account, graph, tokens, certificate, options, notifications),
        registry, notifications.Value.MinRecreateInterval, time, logger);

    private async Task TurnAsync(IReadOnlyList<AccountSubscription> accounts, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TurnPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await TurnOnceAsync(accounts, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                logger.SubscriptionTurnFailed(exception);
            }
        }
    }

    private async Task FollowNoticesAsync(AccountSubscription account, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var queue = await notices.SubscribeAsync(account.Notice).WaitAsync(cancellationToken);
                try
                {
                    await queue.Completion.WaitAsync(cancellationToken);
                }
                finally
                {
                    await queue.UnsubscribeAsync(StackExchange.Redis.CommandFlags.FireAndForget);
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                logger.HintsNotFollowed(FailureReason.Of(exception));
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
