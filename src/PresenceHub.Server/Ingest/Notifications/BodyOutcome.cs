namespace PresenceHub.Server.Ingest.Notifications;

internal enum BodyOutcome
{
    Read,
    TooLong,

    /// <summary>The body did not arrive in the time that Graph waits for an answer.</summary>
    TooSlow,
}
