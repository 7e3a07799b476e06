namespace PresenceHub.Server.Ingest.Polling;

/// <summary>What Graph has said of a subject in this term.</summary>
internal enum Knowledge
{
    NotRead,
    Known,

    /// <summary>Graph has no such person.</summary>
    Unknown,
}
