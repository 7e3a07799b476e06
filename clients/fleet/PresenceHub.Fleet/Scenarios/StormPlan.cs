namespace PresenceHub.Fleet.Scenarios;

/// <summary>Many connections are cut at one moment and reconnect.</summary>
internal sealed record StormPlan
{
    /// <summary>When, counted from the start of the measured time.</summary>
    public TimeSpan At { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Share of the connections that are cut; above 0, up to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The reconnects are spread over this time; 0 means all at once.</summary>
    public TimeSpan Over { get; init; }
}
