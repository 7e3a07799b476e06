using System.Buffers;
using MessagePack;
using Microsoft.AspNetCore.SignalR.Protocol;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>Frames of the <c>messagepack</c> hub protocol: the length as a variable-length integer, then the invocation
/// array.</summary>
internal sealed class MessagePackFrameWriter : FrameWriter
{
    public const string Protocol = "messagepack";

    private const int LengthBits = 7,
        LengthMask = 0x7f,
        MoreBytes = 0x80;

    // The entries are followed by the array of stream ids, which is empty. The array of entries is empty too in the
    // message that is split here.
    private const int EmptyArrayBytes = 1;

    private readonly byte[] _prefix;
    private readonly byte[] _suffix;

    public MessagePackFrameWriter(IHubProtocol protocol)
        : base(protocol)
    {
        var payload = WithoutLength(WriteWhole());
        (_prefix, _suffix) = (payload[..^(2 * EmptyArrayBytes)].ToArray(), payload[^EmptyArrayBytes..].ToArray());
    }

    // The header of an array of one entry is as long as that of an empty one.
    public override byte[] WriteEntry(PresenceEntry entry) =>
        WithoutLength(WriteWhole(entry))[(_prefix.Length + EmptyArrayBytes)..^_suffix.Length].ToArray();

    protected override byte[] Join(ReadOnlySpan<EntryFragment> fragments)
    {
        Span<byte> header = stackalloc byte[5];
        header = header[..WriteArrayHeader(header, fragments.Length)];
        var payload = _prefix.Length + header.Length + _suffix.Length;
        foreach (var fragment in fragments)
        {
            payload += fragment.Bytes(this).Length;
        }

        Span<byte> length = stackalloc byte[5];
        length = length[..WriteLength(length, payload)];
        var frame = new byte[length.Length + payload];
        var rest = Append(Append(Append(frame, length), _prefix), header);
        foreach (var fragment in fragments)
        {
            rest = Append(rest, fragment.Bytes(this));
        }

        Append(rest, _suffix);
        return frame;
    }

    private static Span<byte> Append(Span<byte> target, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target);
        return target[bytes.Length..];
    }

    private static int WriteArrayHeader(Span<byte> target, int count)
    {
        var header = new ArrayBufferWriter<byte>(target.Length);
        var writer = new MessagePackWriter(header);
        writer.WriteArrayHeader(count);
        writer.Flush();
        header.WrittenSpan.CopyTo(target);
        return header.WrittenCount;
    }

    private static int WriteLength(Span<byte> target, int length)
    {
        var count = 0;
        for (var rest = (uint)length; ; rest >>= LengthBits)
        {
            if (rest <= LengthMask)
            {
                target[count++] = (byte)rest;
                return count;
            }

            target[count++] = (byte)((rest & LengthMask) | MoreBytes);
        }
    }

    private static ReadOnlySpan<byte> WithoutLength(ReadOnlySpan<byte> message)
    {
        var start = 0;
        while (message[start] >= MoreBytes)
        {
            start++;
        }

        return message[(start + 1)..];
    }
}
