namespace PresenceHub.Server.Ingest.Notifications;

internal enum TokenVerdict
{
    Authentic,
    Forged,

    /// <summary>The authority's keys are not available, so the token cannot be verified.</summary>
    Unverifiable,
}
