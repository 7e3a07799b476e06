namespace PresenceHub.Benchmarks.Report;

/// <summary>One figure of one system, as often as it was measured.</summary>
internal sealed record Measurement(string System, string Metric, string Unit, IReadOnlyList<double> Samples)
{
    public double Median => Statistics.Median(Samples);
}
