namespace PresenceHub.Benchmarks.Cases;

/// <summary>The names of figures, as results and reports show them.</summary>
internal static class Metrics
{
    public const string CpuPerExpected = "server CPU per expected change";
    public const string CpuPerDelivered = "server CPU per delivered change";
    public const string LatencyP50 = "latency p50";
    public const string LatencyP99 = "latency p99";
    public const string StalenessP99 = "staleness p99";
    public const string StalenessP999 = "staleness p99.9";
    public const string Merged = "merged away";
    public const string Allocated = "allocated per delivery";

    /// <summary>Reversed or repeated changes, changes never asked for, and windows that did not converge.</summary>
    public const string Defects = "out of order or missing";

    public const string TimeToAll = "until all have a snapshot";
    public const string TimeToHalf = "until half have a snapshot";
    public const string Arrived = "clients with a snapshot";
    public const string FailedCalls = "failed calls";
    public const string RefusedConnects = "refused connects";
    public const string MemoryPerConnection = "resident memory per connection";
    public const string IdleCpu = "idle CPU";
}
