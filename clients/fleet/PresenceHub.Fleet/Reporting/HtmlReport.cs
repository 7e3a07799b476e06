using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Reporting;

/// <summary>One HTML file that needs nothing else: verdict, figures, plots, and what was run.</summary>
internal static class HtmlReport
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

    public static string Write(RunResult result)
    {
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(result.Scenario.Name)}: {result.Verdict} · PresenceHub fleet</title>
            <style>{ReportStyle.Css}</style></head><body><main>
            <h1>{Encode(result.Scenario.Name)}</h1>
            <p class="lead">{Encode(result.Scenario.Description)}</p>
            <p class="verdict {(result.Verdict is RunVerdict.Passed ? "good" : "bad")}"><b>{result.Verdict}</b> {Encode(
                Sentence(result)
            )}</p>
            """
        );
        Figures(html, result);
        Plots(html, result);
        Latencies(html, result);
        Counters(html, result);
        Checks(html, result);
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <h2>What was run</h2>
            <p>{result.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {Number(result.Seconds)} s, against {Encode(
                string.Join(", ", result.Hubs)
            )}; tool {Encode(result.ToolVersion)} on {result.Tool.Processors} processors used {Number(
                result.Tool.CpuSeconds
            )} s of CPU and {Number(result.Tool.MemoryMegabytes)} MB.</p>
            <pre>{Encode(JsonSerializer.Serialize(result.Scenario, ScenarioFile.Json))}</pre>
            </main></body></html>
            """
        );
        return html.ToString();
    }

    private static string Sentence(RunResult result) =>
        result switch
        {
            { Reason: { } reason } => reason,
            { Verdict: RunVerdict.Failed } => "A view was wrong or a rule was broken: see the checks below.",
            _ => $"{result.Oracle!.Views:N0} views of {result.Oracle.Subjects:N0} people equal the "
                + $"store{(result.Oracle.DifferFromEmulator is null ? "" : ", and the store equals Graph")}; "
                + "nothing was lost, reversed, duplicated or unasked for.",
        };

    private static void Figures(StringBuilder html, RunResult result)
    {
        html.Append("<dl class=\"figures\">");
        Figure(
            html,
            "connections live at the end",
            $"{result.Connections.LiveAtEnd:N0} of {result.Connections.Wanted:N0}"
        );
        Figure(html, "until all were live", result.RampSeconds is { } ramp ? $"{Number(ramp)} s" : "never");
        Figure(
            html,
            result.Changes.Driven ? "changes made" : "changes observed",
            $"{(result.Changes.Driven ? result.Changes.Made : result.Changes.Delivered):N0}"
        );
        Figure(html, "delivered", $"{result.Changes.Delivered:N0}");
        Figure(html, "latency p50", Milliseconds(result.ChangeLatency, result.ChangeLatency.P50));
        Figure(html, "latency p99", Milliseconds(result.ChangeLatency, result.ChangeLatency.P99));
        if (result.ConvergenceMilliseconds is { } convergence)
        {
            Figure(html, "until all views agreed", $"{Number(convergence)} ms");
        }

        if (result.Storm is { } storm)
        {
            Figure(
                html,
                $"storm of {storm.Cut:N0}: all live after",
                storm.SecondsUntilAllLive is { } seconds ? $"{Number(seconds)} s" : "not in time"
            );
        }

        if (result.Server is { } server)
        {
            Figure(html, "server CPU", $"{Number(server.Cores)} cores");
            Figure(html, "server memory", $"{Number(server.MemoryMegabytes)} MB");
        }

        html.Append("</dl>");
    }

    private static void Plots(StringBuilder html, RunResult result)
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

    // The x axis of a percentile plot: how many times smaller than everything the rest beyond the percentile is.
    private static double Tail(double percentile) => -Math.Log10(1 - (percentile / 100));

    private static double LongestTail(RunResult result) =>
        new[] { result.ChangeLatency, result.Staleness, result.Ready, result.Reconnected }
            .SelectMany(summary => summary.Curve)
            .Select(point => Tail(point.Percentile))
            .DefaultIfEmpty(0)
            .Max();

    private static void Latencies(StringBuilder html, RunResult result)
    {
        html.Append(
            "<h2>Times, ms</h2><table><tr><th></th><th>count</th><th>mean</th>"
                + "<th>p50</th><th>p90</th><th>p99</th><th>p99.9</th><th>max</th></tr>"
        );
        Row("latency of delivered changes", result.ChangeLatency);
        Row("staleness of views", result.Staleness);
        Row("connected and answered, first time", result.Ready);
        Row("connected and answered, again", result.Reconnected);
        Row("Watch calls, first", result.FirstWatchCalls);
        Row("Watch calls, later", result.WatchCalls);
        html.Append("</table>");

        void Row(string name, LatencySummary summary)
        {
            if (summary.Count > 0)
            {
                double[] values = [summary.Mean, summary.P50, summary.P90, summary.P99, summary.P999, summary.Max];
                var cells = string.Concat(values.Select(value => $"<td>{Number(value)}</td>"));
                html.Append(
                    CultureInfo.InvariantCulture,
                    $"<tr><th>{name}</th><td>{summary.Count:N0}</td>{cells}</tr>"
                );
            }
        }
    }

    private static void Counters(StringBuilder html, RunResult result)
    {
        var counters = result.Counters;
        html.Append("<h2>Counts</h2><table>");
        foreach (
            var (name, value) in new (string, long)[]
            {
                ("entries pushed", counters.Pushed),
                ("entries in answers", counters.Answered),
                ("entries that said stale", counters.PushedStale),
                ("changes merged into newer ones", result.Changes.Skipped),
                ("connections established", counters.Connects),
                ("connections cut by the tool", counters.Cut),
                ("connections lost", counters.Lost),
                ("slow and stuck connections closed", counters.LostUnhealthy),
                ("upgrades answered 503 or 429", counters.Refused),
                ("calls answered unavailable", counters.Unavailable),
                ("calls answered", counters.Calls),
                ("ids rejected", counters.Rejected),
                ("ids revoked", counters.Revoked),
                ("drain notices", counters.Drained),
                ("tokens renewed", counters.RenewedTokens),
            }.Concat(
                counters.Errors.OrderByDescending(pair => pair.Value).Select(pair => ($"error: {pair.Key}", pair.Value))
            )
        )
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{Encode(name)}</th><td>{value:N0}</td></tr>");
        }

        html.Append("</table>");
    }

    private static void Checks(StringBuilder html, RunResult result)
    {
        html.Append("<h2>Checks</h2><table>");
        foreach (var (kind, count) in result.Violations)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th>{Name(kind)}</th><td class=\"{(count is 0 ? "good" : "bad")}\">{count:N0}</td></tr>"
            );
        }

        html.Append("</table>");
        html.Append(
            result.Oracle is { } oracle
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"<p>{oracle.Views:N0} views of {oracle.Subjects:N0} people were compared with the "
                        + $"store{(oracle.DifferFromEmulator is null ? "" : ", and the store with the emulator")}; "
                        + $"that took {Number(oracle.Seconds)} s. Not readable over REST: {oracle.NotReadable:N0}.</p>"
                )
                : "<p>The views were not compared with the store.</p>"
        );
        if (result.Details.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<pre>{Encode(string.Join('\n', result.Details))}</pre>");
        }
    }

    private static string Name(ViolationKind kind) =>
        kind switch
        {
            ViolationKind.NeverAskedFor => "entries never asked for",
            ViolationKind.NotLive => "connections not live at the end",
            _ => $"{kind.ToString().ToLowerInvariant()} revisions",
        };

    private static void Figure(StringBuilder html, string name, string value) =>
        html.Append(CultureInfo.InvariantCulture, $"<div><dt>{Encode(name)}</dt><dd>{Encode(value)}</dd></div>");

    private static string Milliseconds(LatencySummary summary, double value) =>
        summary.Count is 0 ? "–" : $"{Number(value)} ms";

    private static string Number(double value) =>
        value.ToString(
            value >= 100 ? "#,0"
                : value >= 10 ? "0.#"
                : "0.##",
            CultureInfo.InvariantCulture
        );

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
