namespace PresenceHub.Verification.Model;

/// <summary>A mistake built into the protocol on purpose, to show that the checker finds it.</summary>
public enum Defect
{
    None,

    /// <summary>Nodes and clients take whatever comes.</summary>
    NoMergeByRevision,

    /// <summary>A server that lost writes goes on in the same epoch.</summary>
    NoEpoch,

    /// <summary>Revisions and epochs count on from what the server holds; its clock has no say.</summary>
    CounterInsteadOfTime,

    /// <summary>A message that shows a gap is taken as if there were none.</summary>
    GapIgnored,

    /// <summary>Positions are never compared, so a lost message shows only when another one follows.</summary>
    NoPositionCheck,

    /// <summary>The snapshot is read first, and interest registered after it.</summary>
    ReadBeforeInterest,

    /// <summary>A position is promised to a client while entries still wait for it.</summary>
    CursorBeforeFlush,

    /// <summary>A node answers from its mirror although the client was told more elsewhere.</summary>
    NoReadThrough,

    /// <summary>An entry of a later epoch is announced only when its revision differs.</summary>
    EqualRevisionNotAnnounced,

    /// <summary>A cursor is a time alone.</summary>
    CursorWithoutEpoch,

    /// <summary>A resume looks at the epoch the node follows and not at that of the entry, which may be read
    /// through.</summary>
    EpochOfThePositionOnly,

    /// <summary>An epoch later than the cursor's time counts as seen when some other partition's epoch is later
    /// still.</summary>
    EpochComparedWithEpochsOnly,

    /// <summary>A server that lost data and whose clock is behind keeps an epoch earlier than one that nodes have
    /// seen.</summary>
    EpochMayGoBack,

    /// <summary>An entry that the store has lost is shown on in the epoch it was read in.</summary>
    LostEntryKeepsItsEpoch,
}
