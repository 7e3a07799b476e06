namespace PresenceHub.Fleet.Members;

/// <summary>Where a member is in its life.</summary>
internal enum MemberState
{
    /// <summary>Not started, or waits before it connects.</summary>
    Waiting,

    Connecting,

    /// <summary>Connected; its watch list has not been answered yet.</summary>
    Watching,

    /// <summary>Its whole watch list has been answered on this connection.</summary>
    Live,
}
