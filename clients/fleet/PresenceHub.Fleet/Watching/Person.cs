namespace PresenceHub.Fleet.Watching;

/// <summary>A person who can be watched.</summary>
internal sealed record Person(Guid Id, string Department);
