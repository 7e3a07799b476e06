using System.Collections.Concurrent;
using PresenceHub.GraphEmulator.Faults;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// Decides when the notification of a change is sent, and passes it to the lane of its URL. Never waits for an
/// endpoint.
/// </summary>
internal sealed class NotificationDispatcher(
    SubscriptionBook book,
    DeliveryTools tools,
    FaultSet faults,
    HeldNotifications held,
    TimeProvider time
) : IAsyncDisposable
{
    private static readonly TimeSpan ReorderWithin = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, Lazy<DeliveryLane>> _lanes = new();

    /// <summary>Records a change. Called under the lock of the board.</summary>
    public void Accept(PresenceChange change)
    {
        foreach (var subscription in book.Watching(change.Person))
        {
            if (book.IsLive(subscription))
            {
                Accept(subscription, change);
            }
        }
    }

    /// <summary>Asks the owner to reauthorize.</summary>
    public void Remind(Subscription subscription)
    {
        if (subscription.LifecycleUrl is { } url)
        {
            tools.Counts.Reminded();
            var now = time.GetUtcNow();
            LaneOf(url).Add(new Notification(subscription, null, now, NotificationFlaws.None), now);
        }
    }

    /// <summary>Sends the notifications that waited for a token.</summary>
    public void Release(Subscription subscription)
    {
        var now = time.GetUtcNow();
        foreach (var notification in held.Take(subscription.Id, now))
        {
            LaneOf(subscription.Terms.NotificationUrl).Add(notification, now);
        }
    }

    /// <summary>Drops the notifications that wait for subscriptions that no longer exist.</summary>
    public void Prune() => held.Prune(id => book.Find(id) is not null);

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes.Values)
        {
            await lane.Value.DisposeAsync();
        }
    }

    private void Accept(Subscription subscription, PresenceChange change)
    {
        tools.Counts.Queued();
        var course = faults.Course;
        var (plan, draws) = (course.Plan.Notifications, course.Notifications);
        var now = time.GetUtcNow();
        var notification = new Notification(subscription, change, now, FlawsOf(plan, draws));
        if (subscription.Terms is var terms && (terms.Paused || terms.AuthorizedUntil <= now))
        {
            tools.Counts.Held();
            held.Add(notification);
            return;
        }

        if (draws.Happens(plan.Lose))
        {
            tools.Counts.Lost();
            return;
        }

        var due = now + (tools.Options.NotificationLatency * (0.5 + draws.Share()));
        due += draws.Happens(plan.Delay) ? plan.DelayUpTo * draws.Share() : TimeSpan.Zero;
        due += draws.Happens(plan.Reorder) ? ReorderWithin * draws.Share() : TimeSpan.Zero;
        var lane = LaneOf(terms.NotificationUrl);
        lane.Add(notification, due);
        if (draws.Happens(plan.Duplicate))
        {
            lane.Add(notification, due + (ReorderWithin * draws.Share()));
        }
    }

    private DeliveryLane LaneOf(string url) =>
        _lanes.GetOrAdd(url, url => new Lazy<DeliveryLane>(() => new DeliveryLane(url, tools, time))).Value;

    private static NotificationFlaws FlawsOf(NotificationFaults plan, FaultDraws draws) =>
        (draws.Happens(plan.WrongClientState) ? NotificationFlaws.WrongClientState : 0)
        | (draws.Happens(plan.WrongPublisher) ? NotificationFlaws.WrongPublisher : 0)
        | (draws.Happens(plan.WrongAudience) ? NotificationFlaws.WrongAudience : 0)
        | (draws.Happens(plan.ExpiredToken) ? NotificationFlaws.ExpiredToken : 0)
        | (draws.Happens(plan.UnknownKey) ? NotificationFlaws.UnknownKey : 0)
        | (draws.Happens(plan.NoTokens) ? NotificationFlaws.NoTokens : 0)
        | (draws.Happens(plan.BadSignature) ? NotificationFlaws.BadSignature : 0)
        | (draws.Happens(plan.OldCertificateId) ? NotificationFlaws.OldCertificateId : 0);
}
