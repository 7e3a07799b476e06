using System.Text.Json;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Reads a decrypted notification. Graph does not promise its shape. A payload of another shape cannot be stored, but
/// it is a forgery only if it names another subject.
/// </summary>
internal static class PayloadReader
{
    private const string Id = "id";
    private const string ODataId = "@odata.id";

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = NotificationBatch.MaxDepth,
        AllowDuplicateProperties = false,
    };

    public static PayloadReading Read(byte[] json, SubjectId subject)
    {
        try
        {
            using var document = JsonDocument.Parse(Utf8Bom.Skip(json), Strict);
            var root = document.RootElement;
            return root.ValueKind is JsonValueKind.Object ? Read(root, subject) : default;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The payload is not JSON, or a name contains half of a surrogate pair.
            return default;
        }
    }

    private static PayloadReading Read(JsonElement root, SubjectId subject)
    {
        if (NamesAnother(root, subject))
        {
            return new PayloadReading(NamesAnother: true, null);
        }

        return
            NamesSubject(root, subject)
            && JsonText.TryRead(root, "availability", out var availability)
            && JsonText.TryRead(root, "activity", out var activity)
            && JsonText.TryRead(root, "sequenceNumber", out var sequenceNumber)
            ? new PayloadReading(NamesAnother: false, new PresencePayload(availability, activity, sequenceNumber))
            : default;
    }

    private static bool NamesSubject(JsonElement root, SubjectId subject) =>
        JsonText.TryRead(root, Id, out var id) && SubjectId.TryParse(id, out var named) && named == subject;

    /// <summary>Ignores the case of names, so that another spelling cannot hide another subject.</summary>
    private static bool NamesAnother(JsonElement root, SubjectId subject)
    {
        foreach (var property in root.EnumerateObject())
        {
            var isId = property.Name.Equals(Id, StringComparison.OrdinalIgnoreCase);
            if (!isId && !property.Name.Equals(ODataId, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            var named =
                property.Value.ValueKind is JsonValueKind.String ? SubjectText.AllIn(property.Value.GetString()!) : [];
            if (named.Count > 0 && !named.Contains(subject))
            {
                return true;
            }
        }

        return false;
    }
}
