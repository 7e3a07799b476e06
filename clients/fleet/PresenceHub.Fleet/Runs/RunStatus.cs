namespace PresenceHub.Fleet.Runs;

/// <summary>Where a run stands, for the display.</summary>
internal sealed record RunStatus(
    RunPhase Phase,
    TimeSpan Elapsed,
    TimeSpan? Remaining,
    int Live,
    int Wanted,
    double EntriesPerSecond,
    double? P50,
    double? P99,
    long Errors,
    long Violations,
    double? ServerCpu,
    double? ServerMemoryMegabytes
);
