using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>Writes hub messages of one hub protocol from parts that are serialised already.</summary>
internal abstract class FrameWriter(string protocolName)
{
    public bool IsJson { get; } = protocolName == JsonFrameWriter.Protocol;

    public abstract byte[] WriteEntry(PresenceEntry entry);

    /// <summary>One <c>PresenceChanged</c> invocation that carries all the entries.</summary>
    public SerializedHubMessage WriteChanges(IReadOnlyList<EntryFragment> fragments) => Wrap(WriteChangesFrame(fragments));

    /// <summary>One <c>Bookmark</c> invocation.</summary>
    public SerializedHubMessage WriteBookmark(string cursor) => Wrap(WriteBookmarkFrame(cursor));

    /// <summary>One <c>Revoked</c> invocation.</summary>
    public SerializedHubMessage WriteRevoked(IReadOnlyList<string> ids) => Wrap(WriteRevokedFrame(ids));

    /// <summary>One <c>Draining</c> invocation.</summary>
    public SerializedHubMessage WriteDraining(DrainNotice notice) => Wrap(WriteDrainingFrame(notice));

    protected abstract byte[] WriteChangesFrame(IReadOnlyList<EntryFragment> fragments);

    protected abstract byte[] WriteBookmarkFrame(string cursor);

    protected abstract byte[] WriteRevokedFrame(IReadOnlyList<string> ids);

    protected abstract byte[] WriteDrainingFrame(DrainNotice notice);

    private SerializedHubMessage Wrap(byte[] frame) => new([new SerializedMessage(protocolName, frame)]);
}
