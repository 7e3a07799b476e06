using PresenceHub.Server.Ingest.Accounts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The accounts of one term, each with its subscription.</summary>
internal sealed class PlannedAccounts(AccountSubscriptionFactory subscriptions, WatchedSubjects subjects)
{
    /// <summary>The same list until an account is added or removed.</summary>
    public IReadOnlyList<PlannedAccount> All { get; private set; } = [];

    public IEnumerable<(Guid UserId, SubscriptionHealth Health)> Health =>
        All.Select(account => (Guid.Parse(account.Account.UserId), account.Subscription.Health));

    /// <summary>Replaces the accounts. One that was connected again starts over.</summary>
    public void Set(IReadOnlyList<GraphAccount> accounts)
    {
        var known = All.ToDictionary(account => (account.Account.UserId, account.Account.ConnectedAt));
        PlannedAccount[] now =
        [
            .. accounts.Select(account =>
                known.GetValueOrDefault((account.UserId, account.ConnectedAt))
                ?? new PlannedAccount(account, subscriptions.Create(account))
            ),
        ];
        if (!now.SequenceEqual(All))
        {
            All = now;
        }

        subjects.AwaitsSubscriptions = now.Length > 0;
    }

    public void Add(LifecycleNotice notice)
    {
        foreach (var account in All)
        {
            account.Subscription.Add(notice);
        }
    }

    /// <summary>Has all records written again: Redis has lost data, and other nodes verify notifications with
    /// them.</summary>
    public void RequestRegistration()
    {
        foreach (var account in All)
        {
            account.Subscription.RequestRegistration();
        }
    }

    /// <summary>Has the subscription recreated, because Graph sends no notifications for it.</summary>
    public void MarkSilent(Guid subscriptionId)
    {
        foreach (var account in All)
        {
            account.Subscription.MarkSilent(subscriptionId);
        }
    }
}
