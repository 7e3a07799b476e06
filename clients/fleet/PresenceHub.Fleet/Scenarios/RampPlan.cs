namespace PresenceHub.Fleet.Scenarios;

/// <summary>How the connections come.</summary>
internal sealed record RampPlan
{
    /// <summary>Connections started per second; 0 starts all at once.</summary>
    public double PerSecond { get; init; } = 200;

    /// <summary>Connections that may be under way at once; the others wait, and the wait counts.</summary>
    public int AtOnce { get; init; } = 128;
}
