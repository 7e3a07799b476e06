namespace PresenceHub.Server.Ingest.Subscriptions;

internal readonly record struct LifecycleNotice(Guid SubscriptionId, LifecycleEvent Event);
