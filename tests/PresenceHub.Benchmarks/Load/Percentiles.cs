using HdrHistogram;

namespace PresenceHub.Benchmarks.Load;

/// <summary>Percentiles in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P99, double P999, double Max)
{
    private const double MicrosecondsPerMillisecond = 1000;

    public static Percentiles Of(HistogramBase histogram) =>
        histogram.TotalCount is 0
            ? new Percentiles(0, 0, 0, 0)
            : new Percentiles(At(histogram, 50), At(histogram, 99), At(histogram, 99.9), At(histogram, 100));

    private static double At(HistogramBase histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / MicrosecondsPerMillisecond;
}
