using System.Text.Json;
using System.Text.Json.Serialization;
using PresenceHub.Contracts;
using PresenceHub.Server.Fanout;

namespace PresenceHub.Server.Hubs;

/// <summary>Writes a <see cref="WatchAnswer"/> as the JSON of a <see cref="WatchResult"/>.</summary>
internal sealed class WatchAnswerJsonConverter : JsonConverter<WatchAnswer>
{
    public override WatchAnswer Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("The hub does not read its own answers");

    public override void Write(Utf8JsonWriter writer, WatchAnswer value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(NameOf(nameof(WatchResult.Entries), options));
        foreach (var entry in value.Entries)
        {
            writer.WriteRawValue(EntryFragment.Of(entry).Bytes(value.Writer), skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WritePropertyName(NameOf(nameof(WatchResult.Rejected), options));
        JsonSerializer.Serialize(writer, value.Rejected, options);
        writer.WriteString(NameOf(nameof(WatchResult.Cursor), options), value.Cursor);
        writer.WriteEndObject();
    }

    private static string NameOf(string property, JsonSerializerOptions options) =>
        options.PropertyNamingPolicy?.ConvertName(property) ?? property;
}
