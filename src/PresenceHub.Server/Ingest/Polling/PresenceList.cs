using System.Text.Json;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>The presences of one answer, by subject. Graph sends them in any order, some of them twice.</summary>
/// <remarks>Read by hand: the SDK takes anything for a presence, and any value in the place of the list for an empty
/// list.</remarks>
internal sealed class PresenceList
{
    private readonly Dictionary<SubjectId, PresenceItem> _items;

    private PresenceList(Dictionary<SubjectId, PresenceItem> items, int unreadable, bool isPaged) =>
        (_items, Unreadable, IsComplete) = (items, unreadable, unreadable is 0 && !isPaged);

    /// <summary>Items without a readable id: they may belong to any of the missing subjects.</summary>
    public int Unreadable { get; }

    /// <summary>Whether the answer contains every subject that Graph knows: only then does a missing subject count as
    /// missing.</summary>
    public bool IsComplete { get; }

    /// <exception cref="InvalidDataException">There is no list, which is not the same as an empty one.</exception>
    public static PresenceList Parse(JsonElement answer)
    {
        if (
            answer.ValueKind is not JsonValueKind.Object
            || !answer.TryGetProperty("value", out var value)
            || value.ValueKind is not JsonValueKind.Array
        )
        {
            throw new InvalidDataException("Graph answered without a list of presences");
        }

        var items = new Dictionary<SubjectId, PresenceItem>(value.GetArrayLength());
        var unreadable = 0;
        foreach (var element in value.EnumerateArray())
        {
            if (
                element.ValueKind is not JsonValueKind.Object
                || !SubjectId.TryParse(TextOf(element, "id"), out var subject)
            )
            {
                unreadable++;
                continue;
            }

            var item = new PresenceItem(
                TextOf(element, "availability"),
                TextOf(element, "activity"),
                TextOf(element, "sequenceNumber")
            );
            if (!items.TryGetValue(subject, out var other) || item.IsLaterThan(other))
            {
                items[subject] = item;
            }
        }

        return new PresenceList(items, unreadable, TextOf(answer, "@odata.nextLink") is { Length: > 0 });
    }

    public bool TryGet(SubjectId subject, out PresenceItem item) => _items.TryGetValue(subject, out item);

    private static string? TextOf(JsonElement parent, string name)
    {
        try
        {
            return parent.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is well-formed JSON, but no text.
            return null;
        }
    }
}
