namespace PresenceHub.GraphEmulator;

/// <summary>Casing of presence values in answers.</summary>
public enum PresenceCasing
{
    /// <summary><c>InAMeeting</c>.</summary>
    Pascal,

    /// <summary><c>inAMeeting</c>.</summary>
    Camel,
}
