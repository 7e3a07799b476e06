using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// Writes the hub messages of one hub protocol. The protocol itself writes entries and rare messages; a frame of
/// several entries is joined from serialized entries.
/// </summary>
internal abstract class FrameWriter(IHubProtocol protocol)
{
    /// <summary>The protocol of event streams: each message is a Server-Sent Event whose data is JSON.</summary>
    public const string EventsProtocol = "events";

    public static FrameWriter Of(IHubProtocol protocol) =>
        protocol.Name switch
        {
            JsonFrameWriter.Protocol or EventsProtocol => new JsonFrameWriter(protocol),
            MessagePackFrameWriter.Protocol => new MessagePackFrameWriter(protocol),
            _ => throw new NotSupportedException($"Hub protocol {protocol.Name} is not supported"),
        };

    /// <summary>Whether entries are written as JSON, with the same bytes in all such protocols.</summary>
    public bool IsJson { get; } = protocol.Name is JsonFrameWriter.Protocol or EventsProtocol;

    public bool IsEvents { get; } = protocol.Name is EventsProtocol;

    /// <summary>Serializes an entry in the form that it has inside a frame.</summary>
    public abstract byte[] WriteEntry(PresenceEntry entry);

    /// <summary>One <c>PresenceChanged</c> invocation that carries all the entries.</summary>
    public SerializedHubMessage WriteChanges(ReadOnlySpan<EntryFragment> fragments) => Wrap(Join(fragments));

    /// <summary>One <c>Bookmark</c> invocation.</summary>
    public SerializedHubMessage WriteBookmark(string cursor) => Write(nameof(IPresenceClient.Bookmark), cursor);

    /// <summary>One <c>Revoked</c> invocation.</summary>
    public SerializedHubMessage WriteRevoked(string[] ids) => Write(nameof(IPresenceClient.Revoked), ids);

    /// <summary>One <c>Draining</c> invocation.</summary>
    public SerializedHubMessage WriteDraining(DrainNotice notice) => Write(nameof(IPresenceClient.Draining), notice);

    /// <summary>One invocation with one argument.</summary>
    public SerializedHubMessage Write(string target, object argument) =>
        Wrap(protocol.GetMessageBytes(new InvocationMessage(target, [argument])));

    protected abstract byte[] Join(ReadOnlySpan<EntryFragment> fragments);

    /// <summary>A complete <c>PresenceChanged</c> message, from which a writer takes the bytes around the
    /// entries.</summary>
    protected ReadOnlySpan<byte> WriteWhole(params PresenceEntry[] entries) =>
        protocol.GetMessageBytes(new InvocationMessage(nameof(IPresenceClient.PresenceChanged), [entries])).Span;

    private SerializedHubMessage Wrap(ReadOnlyMemory<byte> frame) => new([new SerializedMessage(protocol.Name, frame)]);
}
