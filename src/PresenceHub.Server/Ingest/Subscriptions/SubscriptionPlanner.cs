using System.Collections.Frozen;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Spreads the watched subjects over the subscriptions of all accounts, for one term. Accounts take their turns side by
/// side: one whose calls hang must not hold up the others.
/// </summary>
internal sealed class SubscriptionPlanner(
    WatchedSubjects subjects,
    Func<GraphAccount, AccountSubscription> subscribe,
    RefusedSubjects refused,
    Drift drift,
    IngestMetrics metrics,
    TimeProvider time,
    ILogger logger
) : IDisposable
{
    /// <summary>Calls to Graph at the same time; the polls share the budget with them.</summary>
    private const int MaxTurns = 8;

    /// <summary>Wait this long for the existing subscriptions to be listed before assigning subjects, so that none is
    /// covered twice.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(10);

    /// <summary>After a plan this many times its duration: a tenth of a core is enough, however many people come and
    /// go.</summary>
    private const int LeastRest = 9;

    private readonly SemaphoreSlim _turns = new(MaxTurns);
    private readonly long _begun = time.GetTimestamp();
    private PlannedAccount[] _accounts = [];
    private PlannedAccount[]? _plannedAccounts;
    private (FrozenSet<SubjectId> Covered, bool CanHold, bool IsFailing)[] _plannedFor = [];
    private IReadOnlyDictionary<PlannedAccount, IReadOnlyList<SubjectId>> _plan =
        new Dictionary<PlannedAccount, IReadOnlyList<SubjectId>>();
    private HashSet<SubjectId> _watched = [];
    private int _plannedVersion = -1;
    private int _plannedRefused;
    private long _plannedAt;
    private TimeSpan _planCost;

    public IEnumerable<(Guid UserId, SubscriptionHealth Health)> Health =>
        _accounts.Select(account => (Guid.Parse(account.Account.UserId), account.Subscription.Health));

    /// <summary>Takes over which accounts there are. One that was connected again starts over.</summary>
    public void SetAccounts(IReadOnlyList<GraphAccount> accounts)
    {
        var known = _accounts.ToDictionary(account => (account.Account.UserId, account.Account.ConnectedAt));
        PlannedAccount[] now =
        [
            .. accounts.Select(account =>
                known.GetValueOrDefault((account.UserId, account.ConnectedAt))
                ?? new PlannedAccount(account, subscribe(account))
            ),
        ];
        if (!now.SequenceEqual(_accounts))
        {
            _accounts = now;
        }

        subjects.AwaitsSubscriptions = now.Length > 0;
    }

    public void Notice(LifecycleNotice notice)
    {
        foreach (var account in _accounts)
        {
            account.Subscription.Notice(notice);
        }
    }

    /// <summary>The store has lost data, perhaps that by which other nodes know the subscriptions.</summary>
    public void RegisterAgain()
    {
        foreach (var account in _accounts)
        {
            account.Subscription.RegisterAgain();
        }
    }

    /// <summary>Begins whatever is due, and takes over what has been done since.</summary>
    public void TurnOnce(CancellationToken cancellationToken)
    {
        var accounts = _accounts;
        Plan(accounts);
        foreach (var account in accounts)
        {
            if (account.Turn.IsCompleted)
            {
                account.Turn = TakeTurnAsync(account, cancellationToken);
            }
        }

        Plan(accounts);
        foreach (var dead in drift.SweepOnce())
        {
            foreach (var account in accounts)
            {
                account.Subscription.DeclareDead(dead);
            }
        }
    }

    /// <summary>Waits for the turns that are under way.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_accounts.Select(account => account.Turn));

    public void Dispose() => _turns.Dispose();

    private void Plan(PlannedAccount[] accounts)
    {
        var state = accounts.Select(account => (account.Covered, account.CanHold, account.IsFailing)).ToArray();
        if (
            _plannedVersion == subjects.Version
            && _plannedAccounts == accounts
            && _plannedRefused == refused.Count
            && _plannedFor.SequenceEqual(state)
        )
        {
            return;
        }

        if (time.GetElapsedTime(_plannedAt) < _planCost * LeastRest)
        {
            return;
        }

        var begun = time.GetTimestamp();
        IReadOnlySet<SubjectId> covered = state.Length is 1
            ? state[0].Covered
            : state.SelectMany(account => account.Covered).ToFrozenSet();
        if (_plannedVersion != subjects.Version || !_plannedFor.SequenceEqual(state))
        {
            _plannedVersion = subjects.Version;
            _watched = subjects.Plannable(covered);
        }

        (_plannedAccounts, _plannedRefused, _plannedFor) = (accounts, refused.Count, state);
        var wanted = _plannedRefused is 0
            ? _watched
            : _watched.Where(subject => !refused.Contains(subject)).ToHashSet();
        _plan = SubscriptionPlan.Assign(wanted, accounts);
        drift.SetHeld(accounts.Select(account => account.Subscription.Held).OfType<SubscriptionRecord>());
        subjects.SetCovered(covered);
        metrics.SetCovered(covered.Count(_watched.Contains));
        metrics.SetAccounts(
            accounts.Count(account => account is { CanHold: true, IsFailing: false }),
            accounts.Count(account => account is { CanHold: true, IsFailing: true }),
            accounts.Count(account => !account.CanHold)
        );
        (_plannedAt, _planCost) = (time.GetTimestamp(), time.GetElapsedTime(begun));
    }

    private async Task TakeTurnAsync(PlannedAccount account, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            if (await TurnOnceAsync(account, cancellationToken))
            {
                subjects.Refresh([.. account.Covered.Where(_watched.Contains)]);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.SubscriptionTurnFailed(exception);
        }
        finally
        {
            _turns.Release();
        }
    }

    private Task<bool> TurnOnceAsync(PlannedAccount account, CancellationToken cancellationToken)
    {
        if (!account.Subscription.IsSettled)
        {
            return subjects.Count > 0
                ? account.Subscription.SettleOnceAsync(cancellationToken)
                : Task.FromResult(false);
        }

        var isSettled =
            _accounts.All(other => other.Subscription.IsSettled) || time.GetElapsedTime(_begun) > LongestSettling;
        return account.Subscription.TurnOnceAsync(
            isSettled ? _plan.GetValueOrDefault(account) ?? [] : [.. account.Covered],
            cancellationToken
        );
    }
}
