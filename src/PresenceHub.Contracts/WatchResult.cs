using MessagePack;

namespace PresenceHub.Contracts;

/// <summary>The answer to a <see cref="WatchRequest"/>.</summary>
/// <param name="Entries">One per distinct accepted id, in the order of the request; with a cursor only those that
/// changed or are not live.</param>
/// <param name="Rejected">The ids that are not watched, as sent.</param>
/// <param name="Cursor">Everything up to here has been sent on this connection.</param>
[MessagePackObject]
public sealed record WatchResult(
    [property: Key("entries")] IReadOnlyList<PresenceEntry> Entries,
    [property: Key("rejected")] IReadOnlyList<RejectedSubject> Rejected,
    [property: Key("cursor")] string Cursor
);
