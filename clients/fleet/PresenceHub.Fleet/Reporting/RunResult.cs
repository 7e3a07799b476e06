using System.Reflection;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Reporting;

/// <summary>
/// The whole result of a run, for the JSON file and the report (<c>docs/fleet.md</c> explains the figures).
/// </summary>
internal sealed record RunResult
{
    public string ToolVersion { get; init; } =
        Assembly
            .GetExecutingAssembly()
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion
        ?? string.Empty;

    public required DateTimeOffset StartedAt { get; init; }

    public required double Seconds { get; init; }

    public required RunVerdict Verdict { get; init; }

    /// <summary>Why the run ended early; null when it did not.</summary>
    public string? Reason { get; init; }

    public required Scenario Scenario { get; init; }

    public required IReadOnlyList<Uri> Hubs { get; init; }

    /// <summary>From the first connection until all were live; null when that was not reached.</summary>
    public double? RampSeconds { get; init; }

    public double? MeasuredSeconds { get; init; }

    /// <summary>From the last driven change until all healthy views held the final state.</summary>
    public double? ConvergenceMilliseconds { get; init; }

    public StormResult? Storm { get; init; }

    public required ConnectionResult Connections { get; init; }

    public required ChangeResult Changes { get; init; }

    public required CounterResult Counters { get; init; }

    public required LatencySummary ChangeLatency { get; init; }

    public required LatencySummary Staleness { get; init; }

    public required LatencySummary Ready { get; init; }

    public required LatencySummary Reconnected { get; init; }

    public required LatencySummary FirstWatchCalls { get; init; }

    public required LatencySummary WatchCalls { get; init; }

    public ResourceResult? Server { get; init; }

    public ResourceResult? Redis { get; init; }

    public required ToolResult Tool { get; init; }

    public OracleResult? Oracle { get; init; }

    public required IReadOnlyDictionary<ViolationKind, long> Violations { get; init; }

    /// <summary>Descriptions of the first violations.</summary>
    public required IReadOnlyList<string> Details { get; init; }

    public required IReadOnlyList<TimelinePoint> Timeline { get; init; }
}
