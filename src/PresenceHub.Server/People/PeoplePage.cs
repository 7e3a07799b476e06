namespace PresenceHub.Server.People;

/// <summary>A page of a list, as Graph has answered it.</summary>
/// <param name="People">The people, before the policy hides some of them.</param>
/// <param name="Next">Asks for the page after this one; null when there is none.</param>
internal sealed record PeoplePage(IReadOnlyList<Person> People, PageToken? Next);
