namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// Counts since the start. <c>Dropped</c>: dropped by the rules of Graph; <c>Lost</c>: lost by a fault; <c>Held</c>:
/// kept until a new token.
/// </summary>
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
