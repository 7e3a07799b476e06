using System.Text.Json;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>An event of a stream, as its client reads it.</summary>
/// <param name="Index">The number of events before it.</param>
/// <param name="Id">The last id that the stream had, which may be that of an event before.</param>
internal sealed record StreamEvent(int Index, string Name, string? Id, TimeSpan? Retry, JsonElement Data)
{
    public JsonElement[] Entries =>
        Name switch
        {
            "snapshot" => [.. Data.GetProperty("entries").EnumerateArray()],
            "changed" => [.. Data.EnumerateArray()],
            _ => [],
        };

    public IEnumerable<string?> Ids => Entries.Select(entry => entry.GetProperty("id").GetString());

    public string? ActivityOf(string id) =>
        Entries
            .Where(entry => entry.GetProperty("id").GetString() == id)
            .Select(entry => entry.GetProperty("activity").GetString())
            .FirstOrDefault();
}
