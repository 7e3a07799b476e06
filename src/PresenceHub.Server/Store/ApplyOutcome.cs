namespace PresenceHub.Server.Store;

/// <summary>The outcome of an observation. The values are those of the apply script.</summary>
internal enum ApplyOutcome
{
    /// <summary>
    /// The server of the partition did not answer, while servers of other partitions did. The observation may or may
    /// not have been applied. The script never returns this value.
    /// </summary>
    Unavailable = 0,

    /// <summary>The observation changed the entry, which got a new revision and was announced.</summary>
    Applied = 1,

    /// <summary>The observation equals the entry. At most the time of the last confirmation changed.</summary>
    Unchanged = 2,

    /// <summary>The observation is older than the entry.</summary>
    Stale = 3,

    /// <summary>The order cannot be decided: the subject has to be read again.</summary>
    Ambiguous = 4,
}
