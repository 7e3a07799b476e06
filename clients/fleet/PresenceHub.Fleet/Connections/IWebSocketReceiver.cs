namespace PresenceHub.Fleet.Connections;

/// <summary>Receives the messages of one connection, in order, on the connection's receive loop.</summary>
internal interface IWebSocketReceiver
{
    /// <summary>A piece of a message as it came off the socket; the memory is valid during the call only.</summary>
    void Receive(ReadOnlySpan<byte> payload, bool endOfMessage);
}
