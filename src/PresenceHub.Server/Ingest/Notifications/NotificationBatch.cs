using System.Text.Json;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>What one POST from Graph brought: well-formed, but not verified.</summary>
/// <param name="ReceivedAt">Store time (µs) of its arrival.</param>
/// <param name="Bytes">Length of its body, by which the queue is bounded.</param>
internal sealed record NotificationBatch(
    IReadOnlyList<ChangeNotification> Items, IReadOnlyList<string> ValidationTokens, int Malformed, long ReceivedAt, int Bytes)
{
    public const int MaxDepth = 16;
    private const int MaxItems = 1000;
    private const int MaxTokens = 16;
    private const int MaxTokenLength = 8192;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>False when the body as a whole is not what Graph posts. Single items that are not are left out and counted.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> body, long receivedAt, out NotificationBatch? batch)
    {
        batch = null;
        try
        {
            using var document = JsonDocument.Parse(body, Strict);
            if (document.RootElement.ValueKind is not JsonValueKind.Object
                || !document.RootElement.TryGetProperty("value", out var value)
                || value.ValueKind is not JsonValueKind.Array
                || value.GetArrayLength() > MaxItems
                || !TryReadTokens(document.RootElement, out var tokens))
            {
                return false;
            }

            var items = new List<ChangeNotification>(value.GetArrayLength());
            foreach (var element in value.EnumerateArray())
            {
                if (TryReadItem(element) is { } item)
                {
                    items.Add(item);
                }
            }

            batch = new NotificationBatch(items, tokens, value.GetArrayLength() - items.Count, receivedAt, body.Length);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is well-formed JSON, but no text: names and values with one are refused when they are read.
            return false;
        }
    }

    private static ChangeNotification? TryReadItem(JsonElement element)
    {
        try
        {
            return element.Deserialize(NotificationJson.Default.ChangeNotification);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // One odd item must not cost the others.
            return null;
        }
    }

    private static bool TryReadTokens(JsonElement root, out List<string> tokens)
    {
        tokens = [];
        if (!root.TryGetProperty("validationTokens", out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > MaxTokens)
        {
            return false;
        }

        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind is not JsonValueKind.String || element.GetString() is not { Length: <= MaxTokenLength } token)
            {
                return false;
            }

            tokens.Add(token);
        }

        return true;
    }
}
