namespace PresenceHub.Server.Ingest.Notifications;

internal enum TokenVerdict
{
    Authentic,
    Forged,

    /// <summary>The authority's keys are not available: nothing can be said.</summary>
    Unverifiable,
}
