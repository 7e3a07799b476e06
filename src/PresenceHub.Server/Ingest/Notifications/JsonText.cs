using System.Runtime.InteropServices;
using System.Text.Json;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Reads texts of JSON that another party has written.</summary>
internal static class JsonText
{
    /// <summary>False when the property is something else than a text; absent and null are no text.</summary>
    public static bool TryRead(JsonElement parent, string name, out string? text) =>
        TryRead(parent, name, int.MaxValue, out text);

    /// <summary>False also when the text is longer: it then costs no memory.</summary>
    public static bool TryRead(JsonElement parent, string name, int maxBytes, out string? text)
    {
        text = null;
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return true;
        }

        if (JsonMarshal.GetRawUtf8Value(value).Length > maxBytes)
        {
            return false;
        }

        try
        {
            text = value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
        }

        return text is not null;
    }
}
