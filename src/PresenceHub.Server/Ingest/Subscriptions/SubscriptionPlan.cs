using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Assigns the watched subjects to the subscriptions of the accounts.</summary>
internal static class SubscriptionPlan
{
    /// <summary>
    /// Returns the subjects of each account, in the order of the accounts. A covered subject stays where it is. The
    /// others go to the account whose subscription covers the fewest, since recreating it disturbs those, and last to
    /// accounts that fail: no subject waits for them while another account has room.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<SubjectId>> Assign(
        IReadOnlySet<SubjectId> watched,
        IReadOnlyList<AccountState> accounts
    )
    {
        var plan = accounts.Select(_ => new List<SubjectId>()).ToArray();
        int[] usable = [.. Enumerable.Range(0, accounts.Count).Where(account => accounts[account].CanHold)];
        var covered = new HashSet<SubjectId>();
        foreach (var account in usable)
        {
            // Two accounts may cover the same subject after a change of leader; one of them is enough.
            plan[account]
                .AddRange(
                    accounts[account].Covered.Where(subject => watched.Contains(subject) && covered.Add(subject))
                );
        }

        var waiting = new Queue<SubjectId>(watched.Where(subject => !covered.Contains(subject)));
        var byPreference = usable
            .OrderBy(account => accounts[account].IsFailing)
            .ThenBy(account => plan[account].Count);
        foreach (var account in byPreference)
        {
            while (plan[account].Count < AccountSubscription.Capacity && waiting.TryDequeue(out var subject))
            {
                plan[account].Add(subject);
            }
        }

        return plan;
    }
}
