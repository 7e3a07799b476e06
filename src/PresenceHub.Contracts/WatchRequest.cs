using MessagePack;

namespace PresenceHub.Contracts;

/// <summary>Asks to watch subjects.</summary>
/// <param name="Ids">Entra object ids in any case; duplicates collapse.</param>
/// <param name="Cursor">The last cursor this client got, to be answered with what changed since; null for
/// everything.</param>
[MessagePackObject]
public sealed record WatchRequest(
    [property: Key("ids")] IReadOnlyList<string> Ids,
    [property: Key("cursor")] string? Cursor = null
);
