namespace PresenceHub.GraphEmulator;

/// <summary>What a read by ids answers for an id that does not exist.</summary>
public enum UnknownSubject
{
    /// <summary>Nothing: the answer leaves the id out.</summary>
    Omitted,

    /// <summary><c>PresenceUnknown</c>.</summary>
    PresenceUnknown,
}
