using System.Collections.Concurrent;

namespace PresenceHub.GraphEmulator.Throttling;

/// <summary>The use of each quota by each application. Refused calls count too, as in Graph.</summary>
internal sealed class RequestBudgets(GraphEmulatorOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(Guid ApplicationId, Budget Budget), SlidingWindow> _windows = new();

    /// <summary>Counts a request. Null when it is within the quota, otherwise the time to wait.</summary>
    public TimeSpan? TrySpend(Guid applicationId, Budget budget)
    {
        if (budget == Budget.None)
        {
            return null;
        }

        var limits = options.Limits;
        var (limit, length) = budget switch
        {
            Budget.Presence => (limits.PresenceRequests, limits.PresenceWindow),
            Budget.SubscriptionWrite => (limits.SubscriptionWrites, limits.SubscriptionWindow),
            Budget.SubscriptionRead => (limits.SubscriptionReads, limits.SubscriptionWindow),
            Budget.SubscriptionList => (limits.SubscriptionLists, limits.SubscriptionWindow),
            _ => (limits.Reauthorizations, limits.SubscriptionWindow),
        };
        var window = _windows.GetOrAdd(
            (applicationId, budget),
            static (_, length) => new SlidingWindow(length),
            length
        );
        var now = time.GetUtcNow();
        lock (window)
        {
            return window.Add(now) <= limit ? null : window.UntilBelow(limit, now);
        }
    }
}
