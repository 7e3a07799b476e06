using System.Runtime.InteropServices;
using System.Text.Json;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Reads strings from JSON that another party has written.</summary>
internal static class JsonText
{
    /// <summary>Returns false when the property has another type. An absent or null property is read as null.</summary>
    public static bool TryRead(JsonElement parent, string name, out string? text) =>
        TryRead(parent, name, int.MaxValue, out text);

    /// <summary>Also returns false when the text is longer than the limit; it then takes no memory.</summary>
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
            // The text contains half of a surrogate pair.
        }

        return text is not null;
    }
}
