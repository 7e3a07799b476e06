using System.Collections.Frozen;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Keeps the plan of one term current: which subjects the subscription of each account should cover.</summary>
internal sealed class SubscriptionPlanner(
    WatchedSubjects subjects,
    RefusedSubjects refused,
    Drift drift,
    IngestMetrics metrics,
    TimeProvider time
)
{
    /// <summary>After a plan, rest this many times its duration: planning uses at most a tenth of a core, however many
    /// watchers come and go.</summary>
    private const int RestFactor = 9;

    private IReadOnlyList<PlannedAccount>? _plannedAccounts;
    private AccountState[] _plannedStates = [];
    private IReadOnlyDictionary<PlannedAccount, IReadOnlyList<SubjectId>> _plan =
        new Dictionary<PlannedAccount, IReadOnlyList<SubjectId>>();
    private HashSet<SubjectId> _watched = [];
    private int _plannedVersion = -1;
    private int _plannedRefused;
    private long _plannedAt;
    private TimeSpan _planDuration;

    /// <summary>The subjects that the subscription of the account should cover.</summary>
    public IReadOnlyList<SubjectId> SubjectsOf(PlannedAccount account) => _plan.GetValueOrDefault(account) ?? [];

    /// <summary>Whether the subject was watched when the plan was made.</summary>
    public bool IsWatched(SubjectId subject) => _watched.Contains(subject);

    /// <summary>Plans again if something has changed since the last plan.</summary>
    public void PlanOnce(IReadOnlyList<PlannedAccount> accounts)
    {
        var states = accounts.Select(account => account.Subscription.State).ToArray();
        if (
            _plannedVersion == subjects.Version
            && ReferenceEquals(_plannedAccounts, accounts)
            && _plannedRefused == refused.Count
            && _plannedStates.SequenceEqual(states)
        )
        {
            return;
        }

        if (time.GetElapsedTime(_plannedAt) < _planDuration * RestFactor)
        {
            return;
        }

        var begun = time.GetTimestamp();
        Plan(accounts, states);
        (_plannedAt, _planDuration) = (time.GetTimestamp(), time.GetElapsedTime(begun));
    }

    private void Plan(IReadOnlyList<PlannedAccount> accounts, AccountState[] states)
    {
        IReadOnlySet<SubjectId> covered = states.Length is 1
            ? states[0].Covered
            : states.SelectMany(account => account.Covered).ToFrozenSet();
        if (_plannedVersion != subjects.Version || !_plannedStates.SequenceEqual(states))
        {
            _plannedVersion = subjects.Version;
            _watched = subjects.Plannable(covered);
        }

        (_plannedAccounts, _plannedRefused, _plannedStates) = (accounts, refused.Count, states);
        var plannable = _plannedRefused is 0
            ? _watched
            : _watched.Where(subject => !refused.Contains(subject)).ToHashSet();
        _plan = accounts.Zip(SubscriptionPlan.Assign(plannable, states)).ToDictionary();
        drift.SetHeld(accounts.Select(account => account.Subscription.Held).OfType<SubscriptionRecord>());
        subjects.SetCovered(covered);
        metrics.SetCovered(covered.Count(_watched.Contains));
        metrics.SetAccounts(
            states.Count(account => account is { CanHold: true, IsFailing: false }),
            states.Count(account => account is { CanHold: true, IsFailing: true }),
            states.Count(account => !account.CanHold)
        );
    }
}
