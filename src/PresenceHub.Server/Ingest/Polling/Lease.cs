namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Whether a subject is watched.</summary>
internal enum Lease
{
    /// <summary>It is read once, for a caller that does not watch it.</summary>
    None,

    /// <summary>A node has said so; the next reading of the leases confirms it or not.</summary>
    Announced,

    /// <summary>A node's lease has been read.</summary>
    Held,
}
