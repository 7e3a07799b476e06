using System.Text.Json;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Fanout;

/// <summary>Frames of the <c>json</c> hub protocol: text, ended by a record separator.</summary>
internal sealed class JsonFrameWriter() : FrameWriter(Protocol)
{
    public const string Protocol = "json";

    private const byte RecordSeparator = 0x1e;

    private static readonly JsonSerializerOptions EntryOptions = new(JsonSerializerDefaults.Web);

    public override byte[] WriteEntry(PresenceEntry entry) => JsonSerializer.SerializeToUtf8Bytes(entry, EntryOptions);

    protected override byte[] WriteChangesFrame(IReadOnlyList<EntryFragment> fragments)
    {
        var start = """{"type":1,"target":"PresenceChanged","arguments":[["""u8;
        var end = "]]}"u8;
        var frame = new byte[start.Length + fragments.Sum(fragment => fragment.Bytes(this).Length + 1) - 1 + end.Length + 1];
        start.CopyTo(frame);
        var at = start.Length;
        foreach (var fragment in fragments)
        {
            if (at > start.Length)
            {
                frame[at++] = (byte)',';
            }

            var bytes = fragment.Bytes(this);
            bytes.CopyTo(frame, at);
            at += bytes.Length;
        }

        end.CopyTo(frame.AsSpan(at));
        frame[^1] = RecordSeparator;
        return frame;
    }

    protected override byte[] WriteBookmarkFrame(string cursor) =>
        [.. """{"type":1,"target":"Bookmark","arguments":["""u8, .. JsonSerializer.SerializeToUtf8Bytes(cursor, EntryOptions), .. "]}"u8, RecordSeparator];

    protected override byte[] WriteRevokedFrame(IReadOnlyList<string> ids) =>
        [.. """{"type":1,"target":"Revoked","arguments":["""u8, .. JsonSerializer.SerializeToUtf8Bytes(ids, EntryOptions), .. "]}"u8, RecordSeparator];

    protected override byte[] WriteDrainingFrame(DrainNotice notice) =>
        [.. """{"type":1,"target":"Draining","arguments":["""u8, .. JsonSerializer.SerializeToUtf8Bytes(notice, EntryOptions), .. "]}"u8, RecordSeparator];
}
