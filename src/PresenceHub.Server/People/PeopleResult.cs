namespace PresenceHub.Server.People;

/// <summary>The answer to a look-up.</summary>
internal sealed record PeopleResult(IReadOnlyList<FoundPerson> People, IReadOnlyList<RejectedKey> Rejected);
