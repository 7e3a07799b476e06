using System.Globalization;
using MessagePack;
using MessagePack.Formatters;

namespace PresenceHub.Contracts;

/// <summary>The MessagePack side of <see cref="UtcInstantJsonConverter"/>: the same string, or nil.</summary>
public sealed class UtcInstantMessagePackFormatter : IMessagePackFormatter<DateTimeOffset?>
{
    public void Serialize(ref MessagePackWriter writer, DateTimeOffset? value, MessagePackSerializerOptions options) =>
        writer.Write(value?.UtcDateTime.ToString(UtcInstantJsonConverter.Format, CultureInfo.InvariantCulture));

    public DateTimeOffset? Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
        reader.ReadString() is { } text
            ? DateTimeOffset.Parse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
            )
            : null;
}
