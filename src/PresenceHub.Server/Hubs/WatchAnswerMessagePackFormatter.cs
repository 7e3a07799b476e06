using MessagePack;
using MessagePack.Formatters;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs;

/// <summary>Writes a <see cref="WatchAnswer"/> as the map of a <see cref="WatchResult"/>.</summary>
internal sealed class WatchAnswerMessagePackFormatter : IMessagePackFormatter<WatchAnswer>
{
    private const int Fields = 3;

    public WatchAnswer Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        throw new NotSupportedException("The hub does not read its own answers");

    public void Serialize(ref MessagePackWriter writer, WatchAnswer value, MessagePackSerializerOptions options)
    {
        writer.WriteMapHeader(Fields);
        writer.Write("entries");
        writer.WriteArrayHeader(value.Entries.Count);
        foreach (var entry in value.Entries)
        {
            writer.WriteRaw(EntryFragment.Of(entry).Bytes(value.Writer));
        }

        writer.Write("rejected");
        MessagePackSerializer.Serialize(ref writer, value.Rejected, options);
        writer.Write("cursor");
        writer.Write(value.Cursor);
    }
}
