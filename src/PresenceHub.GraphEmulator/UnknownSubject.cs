namespace PresenceHub.GraphEmulator;

/// <summary>What a read by ids says about an id that no person has.</summary>
public enum UnknownSubject
{
    /// <summary>Nothing: the answer is shorter than the question.</summary>
    Omitted,

    /// <summary><c>PresenceUnknown</c>.</summary>
    PresenceUnknown,
}
