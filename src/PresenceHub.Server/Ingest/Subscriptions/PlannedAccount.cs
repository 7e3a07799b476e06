using System.Collections.Frozen;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>An account in the <see cref="SubscriptionPlanner"/>, its subscription, and the turn that is under
/// way.</summary>
internal sealed class PlannedAccount(GraphAccount account, AccountSubscription subscription) : IPlannedAccount
{
    public GraphAccount Account => account;

    public AccountSubscription Subscription => subscription;

    public Task Turn { get; set; } = Task.CompletedTask;

    public FrozenSet<SubjectId> Covered => subscription.Covered;

    public bool CanHold => subscription.CanHold;

    public bool IsFailing => subscription.IsFailing;
}
