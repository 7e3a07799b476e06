namespace PresenceHub.Client;

/// <summary>A change of the connection.</summary>
/// <param name="state">The state that was entered.</param>
/// <param name="error">Why the connection was lost, if it was for an error.</param>
public sealed class ConnectionStateChangedEventArgs(PresenceConnectionState state, Exception? error) : EventArgs
{
    /// <summary>The state that was entered.</summary>
    public PresenceConnectionState State { get; } = state;

    /// <summary>Why the connection was lost, if it was for an error.</summary>
    public Exception? Error { get; } = error;
}
