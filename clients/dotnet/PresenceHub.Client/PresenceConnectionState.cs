namespace PresenceHub.Client;

/// <summary>Where a <see cref="PresenceClient"/> stands with its hub.</summary>
public enum PresenceConnectionState
{
    /// <summary>Not started yet.</summary>
    Idle,

    /// <summary>Started and not connected yet; attempts go on without end.</summary>
    Connecting,

    /// <summary>Connected. The freshness of each entry shows whether the hub has confirmed it yet.</summary>
    Connected,

    /// <summary>The connection was lost; attempts go on without end.</summary>
    Reconnecting,

    /// <summary>Stopped, or disposed.</summary>
    Stopped,
}
