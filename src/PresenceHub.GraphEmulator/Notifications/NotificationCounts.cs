namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>Counts the outcomes of notifications: items, except for the posts.</summary>
internal sealed class NotificationCounts
{
    private long _queued;
    private long _posts;
    private long _accepted;
    private long _acceptedPosts;
    private long _refusedPosts;
    private long _slowPosts;
    private long _dropped;
    private long _lost;
    private long _held;
    private long _reminders;

    public void Queued() => Interlocked.Increment(ref _queued);

    public void Posted() => Interlocked.Increment(ref _posts);

    public void Accepted(int items)
    {
        Interlocked.Add(ref _accepted, items);
        Interlocked.Increment(ref _acceptedPosts);
    }

    public void RefusedPost() => Interlocked.Increment(ref _refusedPosts);

    public void SlowPost() => Interlocked.Increment(ref _slowPosts);

    public void Dropped(int items) => Interlocked.Add(ref _dropped, items);

    public void Lost() => Interlocked.Increment(ref _lost);

    public void Held() => Interlocked.Increment(ref _held);

    public void Reminded() => Interlocked.Increment(ref _reminders);

    public NotificationTotals Read() =>
        new(
            Interlocked.Read(ref _queued),
            Interlocked.Read(ref _posts),
            Interlocked.Read(ref _accepted),
            Interlocked.Read(ref _acceptedPosts),
            Interlocked.Read(ref _refusedPosts),
            Interlocked.Read(ref _slowPosts),
            Interlocked.Read(ref _dropped),
            Interlocked.Read(ref _lost),
            Interlocked.Read(ref _held),
            Interlocked.Read(ref _reminders)
        );
}
