namespace PresenceHub.GraphEmulator;

/// <summary>Spelling of presence values on the wire.</summary>
public enum PresenceCasing
{
    /// <summary><c>InAMeeting</c>.</summary>
    Pascal,

    /// <summary><c>inAMeeting</c>.</summary>
    Camel,
}
