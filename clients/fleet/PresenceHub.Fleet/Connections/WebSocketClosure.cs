namespace PresenceHub.Fleet.Connections;

/// <summary>How a connection ended: by a close frame with a code, or by an error of the transport; with neither, it was cut.</summary>
internal sealed record WebSocketClosure(int? Code, string? Reason, Exception? Error)
{
    /// <summary>The peer closed the TCP connection without a close frame.</summary>
    public static WebSocketClosure Cut { get; } = new(null, null, null);
}
