using System.Text;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Runs;

namespace PresenceHub.Fleet.Reporting;

/// <summary>The plots of the HTML report.</summary>
internal static class ReportPlots
{
    private static readonly (double Percentile, string Label)[] PercentileLabels =
    [
        (0, "0 %"),
        (50, "50 %"),
        (90, "90 %"),
        (99, "99 %"),
        (99.9, "99.9 %"),
        (99.99, "99.99 %"),
        (99.999, "99.999 %"),
    ];

    public static void Write(StringBuilder html, RunResult result)
    {
        html.Append("<h2>Latency by percentile</h2>");
        html.Append(
            new LinePlot("Latency, ms (logarithmic)", "ms")
            {
                IsLogarithmic = true,
                XLabels =
                [
                    .. PercentileLabels
                        .Select(label => (Tail(label.Percentile), label.Label))
                        .Where(label => label.Item1 <= LongestTail(result)),
                ],
            }
                .Add("latency of delivered changes", Curve(result.ChangeLatency))
                .Add("staleness of views", Curve(result.Staleness))
                .Add("connected and answered", Curve(result.Ready))
                .Add("reconnected and answered", Curve(result.Reconnected))
                .Render()
        );

        var timeline = result.Timeline;
        html.Append("<h2>Over time</h2>");
        html.Append(
            Timeline(result, "Entries received per second", "entries/s")
                .Add("entries", timeline.Select(point => (point.Second, (double?)point.EntriesPerSecond)))
                .Render()
        );
        html.Append(
            Timeline(result, "Latency of changes, ms (logarithmic)", "ms", isLogarithmic: true)
                .Add("p50", timeline.Select(point => (point.Second, point.P50)))
                .Add("p99", timeline.Select(point => (point.Second, point.P99)))
                .Render()
        );
        html.Append(
            Timeline(result, "Live connections", "connections")
                .Add("live", timeline.Select(point => (point.Second, (double?)point.Live)))
                .Render()
        );
        html.Append(
            Timeline(result, "CPU, cores", "cores")
                .Add("server", timeline.Select(point => (point.Second, point.ServerCpu)))
                .Add("Redis", timeline.Select(point => (point.Second, point.RedisCpu)))
                .Render()
        );
        html.Append(
            Timeline(result, "Server memory, MB", "MB")
                .Add("server", timeline.Select(point => (point.Second, point.ServerMemoryMegabytes)))
                .Render()
        );
    }

    private static LinePlot Timeline(RunResult result, string title, string unit, bool isLogarithmic = false)
    {
        var plot = new LinePlot(title, unit)
        {
            IsLogarithmic = isLogarithmic,
            XEnd = result.Timeline is [.., var last] ? last.Second : null,
        };
        foreach (
            var (before, after) in result
                .Timeline.Zip(result.Timeline.Skip(1))
                .Where(pair => pair.First.Phase != pair.Second.Phase && pair.Second.Phase != $"{RunPhase.Done}")
        )
        {
            plot.Mark(after.Second, after.Phase.ToLowerInvariant());
        }

        return result.Storm is { } storm ? plot.Mark(storm.Second, "storm") : plot;
    }

    private static IEnumerable<(double X, double? Y)> Curve(LatencySummary summary) =>
        summary.Curve.Select(point => (Tail(point.Percentile), (double?)point.Milliseconds));

    // The x axis of a percentile plot: the logarithm of 1 / (share beyond the percentile).
    private static double Tail(double percentile) => -Math.Log10(1 - (percentile / 100));

    private static double LongestTail(RunResult result) =>
        new[] { result.ChangeLatency, result.Staleness, result.Ready, result.Reconnected }
            .SelectMany(summary => summary.Curve)
            .Select(point => Tail(point.Percentile))
            .DefaultIfEmpty(0)
            .Max();
}
