namespace PresenceHub.Fleet.Measuring;

/// <summary>One second of a run.</summary>
/// <param name="Second">Since the start of the run.</param>
/// <param name="Phase">What the run was doing.</param>
/// <param name="Live">Connections whose watch list has been answered.</param>
/// <param name="EntriesPerSecond">Entries received, pushed and in answers.</param>
/// <param name="P50">Latency of the changes delivered in this second, ms; null when there were none.</param>
/// <param name="ServerCpu">Cores used by the server; null when it is not observed.</param>
internal sealed record TimelinePoint(
    double Second,
    string Phase,
    int Live,
    double EntriesPerSecond,
    double? P50,
    double? P99,
    long Errors,
    double? ServerCpu,
    double? ServerMemoryMegabytes,
    double? RedisCpu
);
