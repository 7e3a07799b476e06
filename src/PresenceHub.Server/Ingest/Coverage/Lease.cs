namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>Whether a subject is watched.</summary>
internal enum Lease
{
    /// <summary>It is not watched.</summary>
    None,

    /// <summary>A node has sent that it watches the subject; the next reading of the leases confirms it or
    /// not.</summary>
    Unconfirmed,

    /// <summary>A node's lease has been read.</summary>
    Held,
}
