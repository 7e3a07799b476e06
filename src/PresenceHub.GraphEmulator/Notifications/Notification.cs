using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>One item on its way to a subscriber: a change, or (without one) a reminder to reauthorize.</summary>
internal sealed record Notification(
    Subscription Subscription,
    PresenceChange? Change,
    DateTimeOffset CreatedAt,
    NotificationFlaws Flaws
)
{
    private const int BaseSize = 1_500;

    /// <summary>About how many bytes it takes: 650 ids in the resource make 28 kB.</summary>
    public int Size => BaseSize + Subscription.Resource.Text.Length;
}
