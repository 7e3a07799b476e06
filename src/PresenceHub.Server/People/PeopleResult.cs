namespace PresenceHub.Server.People;

/// <summary>The answer to a look-up.</summary>
/// <param name="People">Those that the watcher may see.</param>
/// <param name="Rejected">The ids and addresses without a person.</param>
/// <param name="Next">Of a list: asks for the next page; null when there is none.</param>
internal sealed record PeopleResult(
    IReadOnlyList<FoundPerson> People,
    IReadOnlyList<RejectedKey> Rejected,
    string? Next = null
);
