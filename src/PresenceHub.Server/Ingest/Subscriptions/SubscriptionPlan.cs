using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Who belongs into which subscription.</summary>
internal static class SubscriptionPlan
{
    /// <summary>
    /// A covered subject stays where it is. The others go to the account whose subscription covers the fewest, since
    /// recreating it disturbs those, and last to accounts that fail: no subject waits for them while another account
    /// has room.
    /// </summary>
    public static IReadOnlyDictionary<T, IReadOnlyList<SubjectId>> Assign<T>(
        IReadOnlySet<SubjectId> watched,
        IReadOnlyCollection<T> accounts
    )
        where T : class, IPlannedAccount
    {
        var kept = accounts
            .Where(account => account.CanHold)
            .ToDictionary(account => account, _ => new List<SubjectId>());
        var covered = new HashSet<SubjectId>();
        foreach (var (account, wanted) in kept)
        {
            // Two may cover the same person after a change of leader; one of them is enough.
            wanted.AddRange(account.Covered.Where(subject => watched.Contains(subject) && covered.Add(subject)));
        }

        var waiting = new Queue<SubjectId>(watched.Where(subject => !covered.Contains(subject)));
        foreach (var (_, wanted) in kept.OrderBy(plan => plan.Key.IsFailing).ThenBy(plan => plan.Value.Count))
        {
            while (wanted.Count < AccountSubscription.Capacity && waiting.TryDequeue(out var subject))
            {
                wanted.Add(subject);
            }
        }

        return kept.ToDictionary(plan => plan.Key, plan => (IReadOnlyList<SubjectId>)plan.Value);
    }
}
