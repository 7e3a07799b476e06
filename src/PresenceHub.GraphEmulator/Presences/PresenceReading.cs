namespace PresenceHub.GraphEmulator.Presences;

/// <summary>A person's presence as of one moment.</summary>
internal readonly record struct PresenceReading(
    Guid Id,
    PresenceState State,
    long Sequence,
    StatusMessage? StatusMessage
)
{
    /// <summary>For ids that do not exist, if they are answered at all.</summary>
    public static PresenceReading UnknownOf(Guid id) => new(id, PresenceState.Unknown, 0, null);
}
