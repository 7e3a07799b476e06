namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>Counts since the start. <c>Dropped</c>: given up by the rules; <c>Lost</c>: by a fault; <c>Held</c>: waited
/// for a new token.</summary>
internal sealed record NotificationTotals(
    long Queued,
    long Posts,
    long Accepted,
    long AcceptedPosts,
    long RefusedPosts,
    long SlowPosts,
    long Dropped,
    long Lost,
    long Held,
    long Reminders
)
{
    public long PostsUnderWay => Posts - AcceptedPosts - RefusedPosts - SlowPosts;
}
