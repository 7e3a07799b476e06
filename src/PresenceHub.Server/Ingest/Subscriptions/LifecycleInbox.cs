using System.Collections.Concurrent;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>Lifecycle notices that wait to be applied to the subscription of one account.</summary>
internal sealed class LifecycleInbox(HeldSubscription subscription, SubscriptionTelemetry telemetry)
{
    private readonly ConcurrentQueue<LifecycleNotice> _notices = new();

    public void Add(LifecycleNotice notice) => _notices.Enqueue(notice);

    /// <summary>Returns true when all covered subjects have to be refreshed, because notifications were
    /// missed.</summary>
    public bool ApplyAll()
    {
        var mustRefresh = false;
        while (_notices.TryDequeue(out var notice))
        {
            mustRefresh |= subscription.Record?.Id == notice.SubscriptionId && Apply(notice);
        }

        return mustRefresh;
    }

    private bool Apply(LifecycleNotice notice)
    {
        telemetry.LifecycleEvent(notice);
        switch (notice.Event)
        {
            case LifecycleEvent.ReauthorizationRequired:
                subscription.Renewal.RequestReauthorization();
                return false;
            case LifecycleEvent.SubscriptionRemoved:
                subscription.DropRemoved(notice.SubscriptionId);
                return false;
            default:
                return notice.Event is LifecycleEvent.Missed;
        }
    }
}
