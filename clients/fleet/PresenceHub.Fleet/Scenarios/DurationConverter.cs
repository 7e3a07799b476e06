using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PresenceHub.Fleet.Scenarios;

/// <summary>Durations as people write them: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    private static readonly (string Unit, TimeSpan Value)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        foreach (var (unit, value) in Units)
        {
            if (
                text?.EndsWith(unit, StringComparison.Ordinal) == true
                && double.TryParse(
                    text.AsSpan(0, text.Length - unit.Length),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var count
                )
                && count <= TimeSpan.MaxValue / value
            )
            {
                duration = value * count;
                return true;
            }
        }

        duration = default;
        return false;
    }

    public static string Format(TimeSpan duration)
    {
        var (unit, value) = Units.Last(candidate =>
            duration.Ticks % candidate.Value.Ticks is 0 || candidate.Unit is "ms"
        );
        return duration == TimeSpan.Zero
            ? "0s"
            : string.Create(CultureInfo.InvariantCulture, $"{duration / value:0.###}{unit}");
    }

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType is JsonTokenType.String && TryParse(reader.GetString(), out var duration)
            ? duration
            : throw new JsonException("a duration is a text such as \"500ms\", \"30s\", \"5m\" or \"2h\"");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));
}
