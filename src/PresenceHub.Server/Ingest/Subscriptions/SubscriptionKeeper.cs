using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Maintains the subscriptions of all accounts during one term. Accounts are maintained in parallel: one whose calls
/// hang must not delay the others.
/// </summary>
internal sealed class SubscriptionKeeper(
    PlannedAccounts accounts,
    SubscriptionPlanner planner,
    WatchedSubjects subjects,
    Drift drift,
    TimeProvider time,
    ILogger<SubscriptionKeeper> logger
) : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    /// <summary>Wait this long for the existing subscriptions to be listed before assigning subjects, so that none is
    /// covered twice.</summary>
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _slots = new(GraphAdmission.AccountsInFlight);
    private readonly long _begun = time.GetTimestamp();

    /// <summary>The maintenance in progress, also of accounts that were removed meanwhile.</summary>
    private readonly Dictionary<PlannedAccount, Task> _inProgress = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    MaintainOnce(cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    logger.SubscriptionMaintenanceFailed(exception);
                }
            }
        }
        finally
        {
            // The next term must not find calls of this one in progress.
            await WhenIdleAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Begins the maintenance of each account that is idle, and plans with what is done so far.</summary>
    internal void MaintainOnce(CancellationToken cancellationToken)
    {
        var all = accounts.All;
        planner.PlanOnce(all);
        foreach (var (account, maintenance) in _inProgress)
        {
            if (maintenance.IsCompleted)
            {
                _inProgress.Remove(account);
            }
        }

        foreach (var account in all)
        {
            if (!_inProgress.ContainsKey(account))
            {
                _inProgress.Add(account, MaintainAsync(account, cancellationToken));
            }
        }

        planner.PlanOnce(all);
        foreach (var subscriptionId in drift.SweepOnce())
        {
            accounts.MarkSilent(subscriptionId);
        }
    }

    /// <summary>Completes when the maintenance in progress is done.</summary>
    internal Task WhenIdleAsync() => Task.WhenAll(_inProgress.Values);

    public void Dispose() => _slots.Dispose();

    private async Task MaintainAsync(PlannedAccount account, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            if (await StartOrMaintainAsync(account, cancellationToken))
            {
                subjects.Refresh([.. account.Subscription.Covered.Where(planner.IsWatched)]);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.SubscriptionMaintenanceFailed(exception);
        }
        finally
        {
            _slots.Release();
        }
    }

    private Task<bool> StartOrMaintainAsync(PlannedAccount account, CancellationToken cancellationToken)
    {
        var subscription = account.Subscription;
        if (!subscription.IsStarted)
        {
            return subjects.Count > 0 ? subscription.StartOnceAsync(cancellationToken) : Task.FromResult(false);
        }

        var isStarted =
            accounts.All.All(other => other.Subscription.IsStarted) || time.GetElapsedTime(_begun) > StartTimeout;
        return subscription.MaintainOnceAsync(
            isStarted ? planner.SubjectsOf(account) : [.. subscription.Covered],
            cancellationToken
        );
    }
}
