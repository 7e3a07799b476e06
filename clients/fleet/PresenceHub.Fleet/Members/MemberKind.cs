namespace PresenceHub.Fleet.Members;

/// <summary>How a member of the fleet behaves.</summary>
internal enum MemberKind
{
    Healthy,

    /// <summary>Reads a given number of bytes per second.</summary>
    Slow,

    /// <summary>Stops reading once it is live.</summary>
    Stuck,

    /// <summary>A real SignalR client.</summary>
    Canary,
}
