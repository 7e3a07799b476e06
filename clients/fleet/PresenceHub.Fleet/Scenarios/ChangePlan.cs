namespace PresenceHub.Fleet.Scenarios;

/// <summary>Changes that the tool makes, at times that do not depend on how the hub copes.</summary>
internal sealed record ChangePlan
{
    /// <summary>Changes per second; above 0, up to 100,000.</summary>
    public double PerSecond { get; init; } = 10;

    /// <summary>Changes that happen at the same moment; the moments are then further apart.</summary>
    public int Burst { get; init; } = 1;

    /// <summary>Among how many of the watched people, most watched first; 0: all of them.</summary>
    public int Subjects { get; init; }
}
