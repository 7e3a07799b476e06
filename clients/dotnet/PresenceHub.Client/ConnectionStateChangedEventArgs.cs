namespace PresenceHub.Client;

/// <summary>A change of the connection.</summary>
/// <param name="status">The state that was entered, and why.</param>
public sealed class ConnectionStateChangedEventArgs(ConnectionStatus status) : EventArgs
{
    /// <summary>The state that was entered, and why.</summary>
    public ConnectionStatus Status { get; } = status;
}
