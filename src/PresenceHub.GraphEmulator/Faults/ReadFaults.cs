namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Faults of presence reads. Each number is the share (0 to 1) of presences with the fault.</summary>
internal sealed record ReadFaults
{
    /// <summary>An availability and activity that Graph does not document.</summary>
    public double UnseenValues { get; init; }

    /// <summary>Properties that Graph does not document.</summary>
    public double ExtraProperties { get; init; }

    /// <summary>No id.</summary>
    public double NoId { get; init; }

    /// <summary>An id, availability and activity that are not text.</summary>
    public double WrongTypes { get; init; }

    /// <summary>A number in place of the presence.</summary>
    public double NoObject { get; init; }

    /// <summary>Only presences of these people are affected; empty: all.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];
}
