namespace PresenceHub.Fleet.Hub;

/// <summary>The hub refused the SignalR handshake, for example because it speaks another version.</summary>
internal sealed class HubHandshakeException(string error) : IOException($"The hub refused the handshake: {error}");
