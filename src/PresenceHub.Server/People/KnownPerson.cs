namespace PresenceHub.Server.People;

/// <summary>What the hub keeps of an id or address.</summary>
/// <param name="Person">What Graph has answered last; null if it knows no such person.</param>
/// <param name="ReadAt">When Graph was asked last.</param>
/// <param name="MissedAt">
/// When Graph was asked last for a watcher who got no person, because there is none or because the watcher may not see
/// the person. The two must not differ in when Graph is asked: so a hidden person is not answered from
/// <paramref name="Person"/>, which other watchers have caused to be kept.
/// </param>
internal sealed record KnownPerson(Person? Person, DateTimeOffset ReadAt, DateTimeOffset? MissedAt);
