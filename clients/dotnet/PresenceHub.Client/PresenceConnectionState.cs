namespace PresenceHub.Client;

/// <summary>Where a <see cref="PresenceClient"/> stands with its hub.</summary>
public enum PresenceConnectionState
{
    /// <summary>Not started, or stopped.</summary>
    Disconnected,

    /// <summary>Started and not connected yet; attempts go on without end.</summary>
    Connecting,

    /// <summary>Connected. The entries may still be on their way; each one's freshness tells.</summary>
    Connected,

    /// <summary>The connection was lost; attempts go on without end.</summary>
    Reconnecting,
}
