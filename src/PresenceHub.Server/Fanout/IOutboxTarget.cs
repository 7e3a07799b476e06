using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.Fanout;

/// <summary>The connection that an <see cref="Outbox"/> writes to.</summary>
internal interface IOutboxTarget
{
    string ConnectionId { get; }

    /// <summary>
    /// Writes a frame, one at a time. Never waits for the client on the calling thread, and never throws there: the
    /// task completes when the client has accepted the frame, and fails when the connection is closed.
    /// </summary>
    ValueTask WriteAsync(SerializedHubMessage frame);

    /// <summary>The next frame asks the client to reconnect elsewhere after a delay. Called under the lock of the
    /// outbox: an implementation only records.</summary>
    void Drain(TimeSpan reconnectAfter);

    /// <summary>Closes the connection without a close message. Has no effect on a closed connection.</summary>
    void Abort();
}
