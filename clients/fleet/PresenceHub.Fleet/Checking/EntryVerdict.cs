namespace PresenceHub.Fleet.Checking;

/// <summary>How an entry compares with the view that received it.</summary>
internal enum EntryVerdict
{
    /// <summary>Newer than what was held.</summary>
    Newer,

    /// <summary>The revision that was held, confirmed or otherwise in order.</summary>
    Same,

    /// <summary>
    /// Older than what was held, in an overlap of answer and push: allowed, and ignored as clients do.
    /// </summary>
    Overlapping,

    /// <summary>Of a subject that was unwatched just before: allowed for two seconds.</summary>
    Late,

    Reversed,
    Duplicated,
    Conflicting,
    NeverAskedFor,
}
