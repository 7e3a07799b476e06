namespace PresenceHub.Verification.Simulation;

/// <summary>A mistake built into the simulated hub on purpose, to show that the simulation finds it.</summary>
public enum Flaw
{
    None,

    /// <summary>A client takes whatever comes, without comparing it with what it holds.</summary>
    NoMerge,

    /// <summary>A server that lost data or writes goes on in the same epoch.</summary>
    NoEpoch,

    /// <summary>A node answers from its mirror although the client was told more elsewhere.</summary>
    NoReadThrough,

    /// <summary>Positions are compared only when a gap or a reconnect asks for it.</summary>
    NoPositionCheck,

    /// <summary>A position is promised to a client while entries still wait for it.</summary>
    CursorBeforeFlush,

    /// <summary>The store never announces that an entry is confirmed.</summary>
    NoConfirmation,

    /// <summary>A node answers nothing to a client that resumes: it takes all that was sent as received.</summary>
    NothingOnResume,

    /// <summary>The store's time never falls at a node, although the server's clock was set back.</summary>
    TimeNeverFalls,
}
