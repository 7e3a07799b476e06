namespace PresenceHub.GraphEmulator.Faults;

/// <summary>Oddities of presence reads: the share (0 to 1) of presences that carry them.</summary>
internal sealed record ReadFaults
{
    /// <summary>An availability and activity nobody has seen before.</summary>
    public double UnseenValues { get; init; }

    /// <summary>Properties nobody has seen before.</summary>
    public double ExtraProperties { get; init; }
}
