namespace PresenceHub.Client;

/// <summary>The connected node is going away; the client reconnects by itself.</summary>
/// <param name="reconnectAfter">How long the client waits before it reconnects.</param>
public sealed class DrainingEventArgs(TimeSpan reconnectAfter) : EventArgs
{
    /// <summary>How long the client waits before it reconnects.</summary>
    public TimeSpan ReconnectAfter { get; } = reconnectAfter;
}
