using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Hubs;

/// <summary>Hands each connection to Fanout when it opens, and takes down all that is held for it when it closes.</summary>
internal sealed class ConnectionCapture(
    Outboxes outboxes, ConnectionWatchLists watchLists, ILogger<DefaultHubLifetimeManager<WatchHub>> logger) : DefaultHubLifetimeManager<WatchHub>(logger)
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        outboxes.Open(connection);
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        // The list first: while it is taken down the outbox has to be found.
        watchLists.Close(connection.ConnectionId);
        outboxes.Close(connection.ConnectionId);
        return base.OnDisconnectedAsync(connection);
    }
}
