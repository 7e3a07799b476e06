using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>Frames of the <c>json</c> hub protocol, and of event streams: text around an array of entries.</summary>
internal sealed class JsonFrameWriter : FrameWriter
{
    public const string Protocol = "json";

    private readonly byte[] _prefix;
    private readonly byte[] _suffix;

    public JsonFrameWriter(IHubProtocol protocol)
        : base(protocol)
    {
        // The array of entries is the only empty one in the message.
        var empty = WriteWhole();
        var inside = empty.IndexOf("[]"u8) + 1;
        (_prefix, _suffix) = (empty[..inside].ToArray(), empty[inside..].ToArray());
    }

    public override byte[] WriteEntry(PresenceEntry entry) =>
        WriteWhole(entry)[_prefix.Length..^_suffix.Length].ToArray();

    protected override byte[] Join(ReadOnlySpan<EntryFragment> fragments)
    {
        var length = _prefix.Length + fragments.Length - 1 + _suffix.Length;
        foreach (var fragment in fragments)
        {
            length += fragment.Bytes(this).Length;
        }

        var frame = new byte[length];
        _prefix.CopyTo(frame, 0);
        var at = _prefix.Length;
        foreach (var fragment in fragments)
        {
            if (at > _prefix.Length)
            {
                frame[at++] = (byte)',';
            }

            var bytes = fragment.Bytes(this);
            bytes.CopyTo(frame, at);
            at += bytes.Length;
        }

        _suffix.CopyTo(frame, at);
        return frame;
    }
}
