namespace PresenceHub.Fleet.Connections;

/// <summary>The server answered the WebSocket upgrade with another status than 101.</summary>
internal sealed class UpgradeRefusedException(int status, string reason, TimeSpan? retryAfter)
    : IOException($"The server answered the WebSocket upgrade with {status} {reason}")
{
    public int Status { get; } = status;

    /// <summary>How long the server asks the client to wait; null when it names none.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;
}
