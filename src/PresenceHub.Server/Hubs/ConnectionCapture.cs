using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs.WebSockets;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Hands each connection to Fanout when it opens, and removes all that is held for it when it
/// closes.</summary>
internal sealed class ConnectionCapture(
    Outboxes outboxes,
    ConnectionWatchLists watchLists,
    TimeProvider time,
    ILogger<DefaultHubLifetimeManager<WatchHub>> logger
) : DefaultHubLifetimeManager<WatchHub>(logger)
{
    /// <summary>A larger frame holds more states that a slow client has to read before a newer one.</summary>
    private const int DirectFrameBytes = 32 * 1024;

    /// <summary>A frame in more than one segment of SignalR's pipe costs a write for each.</summary>
    private const int PipedFrameBytes = 4096;

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        var isDirect = connection.Features.Get<IConnectionHeartbeatFeature>() is WebSocketConnection;
        outboxes.Open(connection, isDirect ? DirectFrameBytes : PipedFrameBytes);
        TokenExpiry.AnnounceOn(connection, time);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        // The list first: while it is closed, the outbox has to be found.
        watchLists.Close(connection.ConnectionId);
        outboxes.Close(connection.ConnectionId);
        return base.OnDisconnectedAsync(connection);
    }
}
