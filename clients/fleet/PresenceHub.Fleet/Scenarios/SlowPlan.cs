namespace PresenceHub.Fleet.Scenarios;

/// <summary>Connections that read too slowly.</summary>
internal sealed record SlowPlan
{
    /// <summary>Share of the connections; 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>How fast they read.</summary>
    public int BytesPerSecond { get; init; } = 1024;
}
