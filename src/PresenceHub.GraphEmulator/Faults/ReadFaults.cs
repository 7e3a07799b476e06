namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Oddities of presence reads: the share (0 to 1) of presences that carry them.</summary>
internal sealed record ReadFaults
{
    /// <summary>An availability and activity that Graph does not document.</summary>
    public double UnseenValues { get; init; }

    /// <summary>Properties that Graph does not document.</summary>
    public double ExtraProperties { get; init; }

    /// <summary>No id.</summary>
    public double NoId { get; init; }

    /// <summary>An id, availability and activity that are no text.</summary>
    public double WrongTypes { get; init; }

    /// <summary>A number in place of the presence.</summary>
    public double NoObject { get; init; }

    /// <summary>Only presences of these people are hit; empty: any.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];
}
