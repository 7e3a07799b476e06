using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>One item for a subscriber: a change or, without one, a request to reauthorize.</summary>
internal sealed record Notification(
    Subscription Subscription,
    PresenceChange? Change,
    DateTimeOffset CreatedAt,
    NotificationFlaws Flaws
)
{
    private const int BaseSize = 1_500;

    /// <summary>Approximate size in bytes: 650 ids in the resource take 28 KB.</summary>
    public int Size => BaseSize + Subscription.Resource.Text.Length;
}
