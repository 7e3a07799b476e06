namespace PresenceHub.Server.People;

/// <summary>What a node keeps of a photo, in the sense of <see cref="KnownPerson"/>.</summary>
/// <param name="Photo">What Graph has answered last; null if there is none.</param>
/// <param name="MissedAt">The timestamp when Graph was asked last for a watcher who got no photo.</param>
internal sealed record KnownPhoto(Photo? Photo, long? MissedAt);
