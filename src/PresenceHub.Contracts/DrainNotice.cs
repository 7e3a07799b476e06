using MessagePack;

namespace PresenceHub.Contracts;

/// <summary>Tells a client that this node is going away.</summary>
/// <param name="ReconnectAfterMs">Milliseconds to wait before reconnecting elsewhere; zero or more.</param>
[MessagePackObject]
public sealed record DrainNotice([property: Key("reconnectAfterMs")] int ReconnectAfterMs);
