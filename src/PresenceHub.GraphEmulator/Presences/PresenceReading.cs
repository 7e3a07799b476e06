namespace PresenceHub.GraphEmulator.Presences;

/// <summary>A person's presence as of one moment.</summary>
internal readonly record struct PresenceReading(Guid Id, PresenceState State, long Sequence)
{
    /// <summary>The reading of an id that is not in the directory, for emulators that answer such a read.</summary>
    public static PresenceReading UnknownOf(Guid id) => new(id, PresenceState.Unknown, 0);
}
