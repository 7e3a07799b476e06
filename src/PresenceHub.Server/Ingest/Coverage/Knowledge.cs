namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>What Graph has answered about a subject in this term.</summary>
internal enum Knowledge
{
    NotRead,
    Known,

    /// <summary>Graph has no such person.</summary>
    Unknown,
}
