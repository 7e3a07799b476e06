namespace PresenceHub.Server.Ingest;

/// <summary>Graph's names. For presence its pages list only the first; the others cost nothing to heed.</summary>
internal enum LifecycleEvent
{
    ReauthorizationRequired,
    SubscriptionRemoved,
    Missed,
}
