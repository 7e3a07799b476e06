namespace PresenceHub.GraphEmulator.Faults;

/// <summary>What happens to the body of an answer.</summary>
internal enum BodyFault
{
    None,

    /// <summary>Half of the JSON, in a response that is complete as far as HTTP can tell.</summary>
    Truncated,

    /// <summary>Half of the JSON, then the connection is cut.</summary>
    Cut,

    /// <summary>A page of HTML.</summary>
    Garbage,
}
