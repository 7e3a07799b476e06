namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// Notifications of subscriptions whose token has expired. The newest thousand of each subscription are kept for four
/// hours.
/// </summary>
internal sealed class HeldNotifications
{
    private const int MostPerSubscription = 1_000;
    private static readonly TimeSpan KeepFor = TimeSpan.FromHours(4);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Queue<Notification>> _held = [];

    public void Add(Notification notification)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(notification.Subscription.Id, out var queue))
            {
                _held[notification.Subscription.Id] = queue = new Queue<Notification>();
            }

            queue.Enqueue(notification);
            if (queue.Count > MostPerSubscription)
            {
                queue.Dequeue();
            }
        }
    }

    public IReadOnlyList<Notification> Take(Guid subscriptionId, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _held.Remove(subscriptionId, out var queue)
                ? [.. queue.Where(notification => now - notification.CreatedAt <= KeepFor)]
                : [];
        }
    }

    /// <summary>Drops the notifications of a subscription that has ended.</summary>
    public void Prune(Func<Guid, bool> isLive)
    {
        lock (_gate)
        {
            foreach (var id in _held.Keys.Where(id => !isLive(id)).ToList())
            {
                _held.Remove(id);
            }
        }
    }
}
