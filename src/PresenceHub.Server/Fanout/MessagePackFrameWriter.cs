using System.Buffers;
using MessagePack;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>Frames of the <c>messagepack</c> hub protocol: an invocation array behind its length as a variable-length integer.</summary>
internal sealed class MessagePackFrameWriter() : FrameWriter(Protocol)
{
    public const string Protocol = "messagepack";

    private const int InvocationFields = 6;
    private const int InvocationType = 1;

    public override byte[] WriteEntry(PresenceEntry entry) => MessagePackSerializer.Serialize(entry);

    protected override byte[] WriteChangesFrame(IReadOnlyList<EntryFragment> fragments) => WriteInvocation(
        nameof(IPresenceClient.PresenceChanged),
        (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(fragments.Count);
            foreach (var fragment in fragments)
            {
                writer.WriteRaw(fragment.Bytes(this));
            }
        });

    protected override byte[] WriteBookmarkFrame(string cursor) =>
        WriteInvocation(nameof(IPresenceClient.Bookmark), (ref MessagePackWriter writer) => writer.Write(cursor));

    protected override byte[] WriteRevokedFrame(IReadOnlyList<string> ids) => WriteInvocation(
        nameof(IPresenceClient.Revoked),
        (ref MessagePackWriter writer) =>
        {
            writer.WriteArrayHeader(ids.Count);
            foreach (var id in ids)
            {
                writer.Write(id);
            }
        });

    protected override byte[] WriteDrainingFrame(DrainNotice notice) => WriteInvocation(
        nameof(IPresenceClient.Draining), (ref MessagePackWriter writer) => writer.WriteRaw(MessagePackSerializer.Serialize(notice)));

    private static byte[] WriteInvocation(string target, ArgumentWriter writeArgument)
    {
        var payload = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(payload);
        writer.WriteArrayHeader(InvocationFields);
        writer.Write(InvocationType);
        writer.WriteMapHeader(0);
        writer.WriteNil();
        writer.Write(target);
        writer.WriteArrayHeader(1);
        writeArgument(ref writer);
        writer.WriteArrayHeader(0);
        writer.Flush();
        return WithLength(payload.WrittenSpan);
    }

    private static byte[] WithLength(ReadOnlySpan<byte> payload)
    {
        const int SevenBits = 0x7f, More = 0x80;
        Span<byte> prefix = stackalloc byte[5];
        var prefixLength = 0;
        for (var rest = (uint)payload.Length; ;)
        {
            prefix[prefixLength] = (byte)(rest & SevenBits);
            rest >>= 7;
            if (rest is 0)
            {
                prefixLength++;
                break;
            }

            prefix[prefixLength++] |= More;
        }

        return [.. prefix[..prefixLength], .. payload];
    }

    private delegate void ArgumentWriter(ref MessagePackWriter writer);
}
