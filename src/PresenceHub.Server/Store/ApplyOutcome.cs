namespace PresenceHub.Server.Store;

/// <summary>What the store made of an observation. The values are those of the apply script.</summary>
internal enum ApplyOutcome
{
    /// <summary>
    /// The server of its partition did not answer, while those of others did: it may have been applied or not. No
    /// answer of the script.
    /// </summary>
    Unavailable = 0,

    /// <summary>It changed the entry, which got a new revision and was announced.</summary>
    Applied = 1,

    /// <summary>It says what is already held; at most the time of the last confirmation moved.</summary>
    Unchanged = 2,

    /// <summary>It is older than what is held.</summary>
    Stale = 3,

    /// <summary>Nothing tells whether it is newer: the subject has to be read again.</summary>
    Ambiguous = 4,
}
