using System.Text.Json.Serialization;

namespace PresenceHub.Fleet.Scenarios;

/// <summary>
/// What a run does. Every property is a key of a scenario file; <c>scenario.schema.json</c> describes them for
/// editors.
/// </summary>
internal sealed record Scenario
{
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>Shown in the report.</summary>
    public string Name { get; init; } = "custom";

    /// <summary>One or two sentences on what the run shows.</summary>
    public string Description { get; init; } = string.Empty;

    /// <summary>Light connections, canaries not counted; 1 to 1,000,000.</summary>
    public int Connections { get; init; } = 1000;

    /// <summary>The hub protocol of the light connections.</summary>
    public ProtocolChoice Protocol { get; init; } = ProtocolChoice.Json;

    public RampPlan Ramp { get; init; } = new();

    public WatchPlan Watch { get; init; } = new();

    /// <summary>How long to measure once all members are connected; up to 7 days.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    public ChurnPlan Churn { get; init; } = new();

    /// <summary>A reconnect storm; absent: none.</summary>
    public StormPlan? Storm { get; init; }

    public SlowPlan Slow { get; init; } = new();

    /// <summary>Share of the connections that stop reading once they are live; 0 to 1.</summary>
    public double StuckShare { get; init; }

    /// <summary>
    /// Changes to make through the emulator's control API; absent, or without an emulator: the hub is observed.
    /// </summary>
    public ChangePlan? Changes { get; init; }

    /// <summary>Real SignalR clients that run beside the light connections; 0 to 1000.</summary>
    public int Canaries { get; init; } = 20;

    /// <summary>
    /// Connections that share one token. The hub allows 10 per watcher and node by default; half of that leaves room
    /// for connections
    /// that come back before the hub has noticed that their predecessors are gone.
    /// </summary>
    public int ConnectionsPerToken { get; init; } = 5;

    /// <summary>How long to wait at the end until every view equals the store; up to 1 hour.</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>Seed of the watch lists and of churn, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;
}
