using Microsoft.AspNetCore.SignalR;

namespace PresenceHub.Server.Fanout;

/// <summary>A SignalR connection.</summary>
internal sealed class HubOutboxTarget(HubConnectionContext connection) : IOutboxTarget
{
    public string ConnectionId => connection.ConnectionId;

    public ValueTask WriteAsync(SerializedHubMessage frame) =>
        connection.WriteAsync(frame, connection.ConnectionAborted);

    public void Drain(TimeSpan reconnectAfter)
    {
        // SignalR clients leave by themselves.
    }

    public void Abort() => connection.Abort();
}
