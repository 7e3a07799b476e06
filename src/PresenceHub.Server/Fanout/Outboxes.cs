using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>The outbox of every connection of this node.</summary>
internal sealed class Outboxes(PresenceMirror mirror, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Outbox> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, FrameWriter> _writers = new(StringComparer.Ordinal);

    public IEnumerable<Outbox> All => _open.Select(open => open.Value);

    public int Count => _open.Count;

    /// <summary>The outboxes that have something to send.</summary>
    public ReadyOutboxes Ready { get; } = new();

    /// <summary>Opens the outbox of a connection before it can watch anything.</summary>
    /// <param name="maxFrameBytes">The maximum size of a frame with several entries.</param>
    public Outbox Open(HubConnectionContext connection, int maxFrameBytes) =>
        Open(new HubOutboxTarget(connection), connection.Protocol, maxFrameBytes, isHeld: false);

    /// <summary>Opens the outbox of a connection that sends nothing until <see cref="Outbox.Begin"/>.</summary>
    /// <param name="protocol">Writes the messages.</param>
    /// <param name="maxFrameBytes">The maximum size of a frame with several entries.</param>
    public Outbox OpenHeld(IOutboxTarget target, IHubProtocol protocol, int maxFrameBytes) =>
        Open(target, protocol, maxFrameBytes, isHeld: true);

    /// <summary>Drops the outbox of a connection whose watch list is closed.</summary>
    public void Close(string connectionId) => _open.TryRemove(connectionId, out _);

    public Outbox? Find(string connectionId) => _open.GetValueOrDefault(connectionId);

    private Outbox Open(IOutboxTarget target, IHubProtocol protocol, int maxFrameBytes, bool isHeld)
    {
        var writer = _writers.GetOrAdd(protocol.Name, static (_, protocol) => FrameWriter.Of(protocol), protocol);
        return _open[target.ConnectionId] = new Outbox(target, writer, maxFrameBytes, mirror.Cursor, Ready, time)
        {
            IsHeld = isHeld,
        };
    }
}
