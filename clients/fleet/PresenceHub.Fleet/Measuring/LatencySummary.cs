using HdrHistogram;

namespace PresenceHub.Fleet.Measuring;

/// <summary>Percentiles of a histogram, in milliseconds; all zero when nothing was recorded.</summary>
internal sealed record LatencySummary(
    long Count,
    double Mean,
    double P50,
    double P90,
    double P99,
    double P999,
    double Max,
    IReadOnlyList<PercentilePoint> Curve
)
{
    private const double MicrosecondsPerMillisecond = 1000;
    private const int LastHalving = 20;

    public static LatencySummary Empty { get; } = new(0, 0, 0, 0, 0, 0, 0, []);

    public static LatencySummary Of(HistogramBase histogram)
    {
        if (histogram.TotalCount is 0)
        {
            return Empty;
        }

        return new LatencySummary(
            histogram.TotalCount,
            histogram.GetMean() / MicrosecondsPerMillisecond,
            At(histogram, 50),
            At(histogram, 90),
            At(histogram, 99),
            At(histogram, 99.9),
            At(histogram, 100),
            [.. CurveOf(histogram)]
        );
    }

    // The distance to 100 % shrinks by the fourth root of two with each point: the tail gets as much room as the rest.
    private static IEnumerable<PercentilePoint> CurveOf(HistogramBase histogram)
    {
        for (var step = 0; step <= LastHalving * 4; step++)
        {
            var outside = Math.Pow(2, -step / 4.0);
            yield return new PercentilePoint(100 * (1 - outside), At(histogram, 100 * (1 - outside)));
            if (outside * histogram.TotalCount < 1)
            {
                yield break;
            }
        }
    }

    private static double At(HistogramBase histogram, double percentile) =>
        histogram.GetValueAtPercentile(percentile) / MicrosecondsPerMillisecond;
}
