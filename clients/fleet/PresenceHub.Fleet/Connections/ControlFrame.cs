namespace PresenceHub.Fleet.Connections;

/// <summary>A ping, pong or close frame.</summary>
internal sealed record ControlFrame(WebSocketOpcode Opcode, byte[] Payload);
