namespace PresenceHub.GraphEmulator.Presences;

/// <summary>A change of the availability or activity of a person.</summary>
internal readonly record struct PresenceChange(int Person, Guid Id, PresenceState State, long Sequence);
