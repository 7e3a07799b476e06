namespace PresenceHub.Fleet.Connections;

/// <summary>The peer broke RFC 6455.</summary>
internal sealed class WebSocketProtocolException(string message) : IOException(message);
