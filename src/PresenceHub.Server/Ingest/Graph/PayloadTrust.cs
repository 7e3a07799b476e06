namespace PresenceHub.Server.Ingest.Graph;

/// <summary>When the presence that a notification carries is taken at its word rather than read again.</summary>
internal enum PayloadTrust
{
    /// <summary>When it has a sequence number, by which the store can order it.</summary>
    WhenSequenced,

    Never,

    /// <summary>Graph may deliver for four hours: an old state may be shown until the next read.</summary>
    Always,
}
