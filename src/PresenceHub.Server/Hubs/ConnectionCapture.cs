using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs.WebSockets;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Opens the outbox of each connection, and removes the outbox and the watch list when the connection
/// closes.</summary>
internal sealed class ConnectionCapture(
    Outboxes outboxes,
    ConnectionWatchLists watchLists,
    TimeProvider time,
    ILogger<DefaultHubLifetimeManager<WatchHub>> logger
) : DefaultHubLifetimeManager<WatchHub>(logger)
{
    /// <summary>The maximum frame size on WebSockets. A slow client reads a whole frame before it gets newer
    /// entries.</summary>
    internal const int DirectFrameBytes = 32 * 1024;

    /// <summary>The maximum frame size on SignalR's transports. Each segment of SignalR's pipe costs a
    /// write.</summary>
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
        // Close the list first, because closing it uses the outbox.
        watchLists.Close(connection.ConnectionId);
        outboxes.Close(connection.ConnectionId);
        return base.OnDisconnectedAsync(connection);
    }
}
