using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PresenceHub.Contracts;

/// <summary>Writes an instant as ISO 8601 UTC with a trailing Z and milliseconds; reads any ISO 8601 instant.</summary>
public sealed class UtcInstantJsonConverter : JsonConverter<DateTimeOffset?>
{
    internal const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset? Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => reader.TokenType is JsonTokenType.Null ? null : reader.GetDateTimeOffset().ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset? value, JsonSerializerOptions options)
    {
        if (value is { } instant)
        {
            writer.WriteStringValue(instant.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
