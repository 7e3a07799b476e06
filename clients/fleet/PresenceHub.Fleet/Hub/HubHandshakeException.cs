namespace PresenceHub.Fleet.Hub;

/// <summary>The hub refused the SignalR handshake.</summary>
internal sealed class HubHandshakeException(string error) : IOException($"The hub refused the handshake: {error}")
{
    /// <summary>
    /// Whether the hub speaks other protocols or versions; otherwise it was busy, and a retry may succeed.
    /// </summary>
    public bool IsAboutVersion { get; } = error.Contains("support", StringComparison.OrdinalIgnoreCase);
}
