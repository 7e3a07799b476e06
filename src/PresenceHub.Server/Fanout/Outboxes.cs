using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>The outbox of every connection of this node.</summary>
internal sealed class Outboxes(PresenceMirror mirror, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (Outbox Outbox, HubConnectionContext Connection)> _open = new(StringComparer.Ordinal);

    public IEnumerable<(Outbox Outbox, HubConnectionContext Connection)> All => _open.Values;

    public int Count => _open.Count;

    /// <summary>Opens the outbox of a connection, before it can watch anything.</summary>
    public void Open(HubConnectionContext connection) =>
        _open[connection.ConnectionId] = (new Outbox(connection.ConnectionId, FrameWriters.Of(connection.Protocol.Name), mirror.Cursor, time), connection);

    /// <summary>Forgets a connection, after its watch list was closed.</summary>
    public void Close(string connectionId) => _open.TryRemove(connectionId, out _);

    public Outbox? Find(string connectionId) => _open.TryGetValue(connectionId, out var open) ? open.Outbox : null;

    public HubConnectionContext? FindConnection(Outbox outbox) => _open.TryGetValue(outbox.ConnectionId, out var open) ? open.Connection : null;
}
