using System.Text.Json;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>The content of one POST from Graph: well-formed, but not verified.</summary>
/// <param name="Malformed">The number of items that are left out because the proof of their origin cannot be
/// read.</param>
/// <param name="ReceivedAt">The store time (µs) at which it arrived.</param>
internal sealed record NotificationBatch(
    IReadOnlyList<ChangeNotification> Items,
    IReadOnlyList<string> ValidationTokens,
    int Malformed,
    long ReceivedAt
)
{
    public const int MaxDepth = 16;
    private const int MaxItems = 1000;
    private const int MaxTokens = 16;
    private const int MaxTokenLength = 8192;

    /// <summary>An id has 36 characters, and a client state at most 128.</summary>
    private const int MaxProofLength = 256;

    /// <summary>The memory that an item takes besides its strings.</summary>
    private const int ItemBytes = 512;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = MaxDepth,
        AllowDuplicateProperties = false,
    };

    /// <summary>
    /// The time of arrival on the monotonic clock, which does not change when the system clock is set.
    /// </summary>
    public long Timestamp { get; init; }

    /// <summary>The approximate size in memory. The queue is bounded by it.</summary>
    public long Bytes { get; } = Items.Sum(SizeOf) + ValidationTokens.Sum(SizeOf);

    /// <summary>
    /// Returns false when the body as a whole does not have the form that Graph posts. A malformed item is left out and
    /// counted.
    /// </summary>
    /// <param name="isAuthentic">Called for each item before the rest of it is read. Items for which it returns false
    /// are left out.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> body,
        long receivedAt,
        Predicate<ItemProof> isAuthentic,
        out NotificationBatch? batch
    )
    {
        batch = null;
        try
        {
            using var document = JsonDocument.Parse(Utf8Bom.Skip(body), Strict);
            if (
                document.RootElement.ValueKind is not JsonValueKind.Object
                || !document.RootElement.TryGetProperty("value", out var value)
                || value.ValueKind is not JsonValueKind.Array
                || value.GetArrayLength() > MaxItems
                || !TryReadTokens(document.RootElement, out var tokens)
            )
            {
                return false;
            }

            var (items, malformed) = (new List<ChangeNotification>(), 0);
            foreach (var element in value.EnumerateArray())
            {
                if (!TryReadProof(element, out var proof))
                {
                    malformed++;
                }
                else if (isAuthentic(proof))
                {
                    items.Add(ReadItem(element, proof));
                }
            }

            batch = new NotificationBatch(items, tokens, malformed, receivedAt);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Half of a surrogate pair is well-formed JSON but no valid string. Reading such a name or value throws.
            return false;
        }
    }

    private static bool TryReadProof(JsonElement item, out ItemProof proof)
    {
        proof = default;
        if (
            item.ValueKind is JsonValueKind.Object
            && JsonText.TryRead(item, "subscriptionId", MaxProofLength, out var subscriptionId)
            && JsonText.TryRead(item, "clientState", MaxProofLength, out var clientState)
            && JsonText.TryRead(item, "tenantId", MaxProofLength, out var tenantId)
        )
        {
            proof = new ItemProof(subscriptionId, clientState, tenantId);
            return true;
        }

        return false;
    }

    /// <summary>
    /// An authentic item reports a change, whatever its shape. A member that does not have the documented type is left
    /// out, but the item is kept.
    /// </summary>
    /// <remarks>
    /// Does not use the serializer, which would scan each item a second time. An item repeats up to 650 ids that are
    /// not used.
    /// </remarks>
    private static ChangeNotification ReadItem(JsonElement item, in ItemProof proof)
    {
        JsonText.TryRead(item, "lifecycleEvent", out var lifecycleEvent);
        return new ChangeNotification(
            proof.SubscriptionId,
            proof.ClientState,
            proof.TenantId,
            lifecycleEvent,
            ReadResource(item),
            ReadContent(item)
        )
        {
            Resource = ReadPath(item),
        };
    }

    private static long SizeOf(ChangeNotification item)
    {
        var content = item.EncryptedContent;
        return ItemBytes
            + SizeOf(item.SubscriptionId)
            + SizeOf(item.ClientState)
            + SizeOf(item.TenantId)
            + SizeOf(item.LifecycleEvent)
            + SizeOf(item.Resource)
            + SizeOf(item.ResourceData?.Id)
            + SizeOf(item.ResourceData?.ODataId)
            + SizeOf(content?.Data)
            + SizeOf(content?.DataSignature)
            + SizeOf(content?.DataKey)
            + SizeOf(content?.EncryptionCertificateId);
    }

    private static long SizeOf(string? text) => text is null ? 0 : text.Length * sizeof(char);

    /// <summary>Null when it is longer than the path of one subject. Most items list a whole subscription.</summary>
    private static string? ReadPath(JsonElement item) =>
        item.TryGetProperty("resource", out var value)
        && value.ValueKind is JsonValueKind.String
        && JsonText.TryRead(item, "resource", SubjectText.MaxLength, out var path)
            ? path
            : null;

    private static ChangedResource? ReadResource(JsonElement item)
    {
        if (!TryReadObject(item, "resourceData", out var data))
        {
            return null;
        }

        JsonText.TryRead(data, "id", out var id);
        JsonText.TryRead(data, "@odata.id", out var address);
        return new ChangedResource(id, address);
    }

    /// <summary>
    /// Null when it cannot be decrypted because a member is not a string. The subject is refreshed instead.
    /// </summary>
    private static EncryptedContent? ReadContent(JsonElement item)
    {
        if (!TryReadObject(item, "encryptedContent", out var encrypted))
        {
            return null;
        }

        var isText =
            JsonText.TryRead(encrypted, "data", out var data)
            & JsonText.TryRead(encrypted, "dataSignature", out var signature)
            & JsonText.TryRead(encrypted, "dataKey", out var key)
            & JsonText.TryRead(encrypted, "encryptionCertificateId", out var certificateId);
        return isText ? new EncryptedContent(data, signature, key, certificateId) : null;
    }

    private static bool TryReadObject(JsonElement parent, string name, out JsonElement value) =>
        parent.TryGetProperty(name, out value) && value.ValueKind is JsonValueKind.Object;

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
            if (
                element.ValueKind is not JsonValueKind.String
                || element.GetString() is not { Length: <= MaxTokenLength } token
            )
            {
                return false;
            }

            tokens.Add(token);
        }

        return true;
    }
}
