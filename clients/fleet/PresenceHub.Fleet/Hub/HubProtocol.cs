using System.Buffers;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Fleet.Hub;

/// <summary>One of SignalR's hub protocols, as far as this hub's contract needs it.</summary>
internal abstract class HubProtocol(string name, WebSocketOpcode opcode)
{
    /// <summary>Version of both hub protocols that the tool speaks.</summary>
    public const int Version = 1;

    public static HubProtocol Json { get; } = new JsonHubProtocol();

    public static HubProtocol MessagePack { get; } = new MessagePackHubProtocol();

    /// <summary>The name in the handshake: <c>json</c> or <c>messagepack</c>.</summary>
    public string Name { get; } = name;

    public WebSocketOpcode Opcode { get; } = opcode;

    public abstract ReadOnlyMemory<byte> Ping { get; }

    /// <summary>
    /// Finds the first whole message in the data: where it starts, its length, and how many bytes it takes in all.
    /// </summary>
    public abstract bool TryFrame(ReadOnlySpan<byte> data, out int start, out int length, out int consumed);

    /// <summary>Reads one message as <see cref="TryFrame"/> found it.</summary>
    public abstract void Read(ReadOnlySpan<byte> message, IHubMessageSink sink);

    /// <summary>Writes a call of <c>Watch</c>.</summary>
    public abstract void WriteWatch(
        ArrayBufferWriter<byte> output,
        string invocationId,
        IEnumerable<string> ids,
        string? cursor
    );

    /// <summary>Writes a call of a method whose only argument is a list of ids: <c>Unwatch</c> or <c>Get</c>.</summary>
    public abstract void WriteIdsCall(
        ArrayBufferWriter<byte> output,
        string invocationId,
        string method,
        IEnumerable<string> ids
    );
}
