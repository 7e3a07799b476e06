namespace PresenceHub.GraphEmulator.Presences;

/// <summary>Availability or activity of a person became another.</summary>
internal readonly record struct PresenceChange(int Person, Guid Id, PresenceState State, long Sequence);
