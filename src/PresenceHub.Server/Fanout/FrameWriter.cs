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
    public static FrameWriter Of(IHubProtocol protocol) =>
        protocol.Name switch
        {
            JsonFrameWriter.Protocol => new JsonFrameWriter(protocol),
            MessagePackFrameWriter.Protocol => new MessagePackFrameWriter(protocol),
            _ => throw new NotSupportedException($"Hub protocol {protocol.Name} is not supported"),
        };

    public bool IsJson { get; } = protocol.Name == JsonFrameWriter.Protocol;

    /// <summary>Serializes an entry in the form that it has inside a frame.</summary>
    public abstract byte[] WriteEntry(PresenceEntry entry);

    /// <summary>One <c>PresenceChanged</c> invocation that carries all the entries.</summary>
    public SerializedHubMessage WriteChanges(ReadOnlySpan<EntryFragment> fragments) => Wrap(Join(fragments));

    /// <summary>One <c>Bookmark</c> invocation.</summary>
    public SerializedHubMessage WriteBookmark(string cursor) =>
        WriteInvocation(nameof(IPresenceClient.Bookmark), cursor);

    /// <summary>One <c>Revoked</c> invocation.</summary>
    public SerializedHubMessage WriteRevoked(string[] ids) => WriteInvocation(nameof(IPresenceClient.Revoked), ids);

    /// <summary>One <c>Draining</c> invocation.</summary>
    public SerializedHubMessage WriteDraining(DrainNotice notice) =>
        WriteInvocation(nameof(IPresenceClient.Draining), notice);

    protected abstract byte[] Join(ReadOnlySpan<EntryFragment> fragments);

    /// <summary>A complete <c>PresenceChanged</c> message, from which a writer takes the bytes around the
    /// entries.</summary>
    protected ReadOnlySpan<byte> WriteWhole(params PresenceEntry[] entries) =>
        protocol.GetMessageBytes(new InvocationMessage(nameof(IPresenceClient.PresenceChanged), [entries])).Span;

    private SerializedHubMessage WriteInvocation(string target, object argument) =>
        Wrap(protocol.GetMessageBytes(new InvocationMessage(target, [argument])));

    private SerializedHubMessage Wrap(ReadOnlyMemory<byte> frame) => new([new SerializedMessage(protocol.Name, frame)]);
}
