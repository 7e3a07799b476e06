using System.Globalization;
using System.Text;
using System.Text.Json;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Reporting;

/// <summary>Writes one self-contained HTML file: verdict, figures, plots, tables and the scenario.</summary>
internal static class HtmlReport
{
    public static string Write(RunResult result)
    {
        var html = new StringBuilder();
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{HtmlText.Encode(result.Scenario.Name)}: {result.Verdict} · PresenceHub fleet</title>
            <style>{ReportStyle.Css}</style></head><body><main>
            <h1>{HtmlText.Encode(result.Scenario.Name)}</h1>
            <p class="lead">{HtmlText.Encode(result.Scenario.Description)}</p>
            <p class="verdict {(result.Verdict is RunVerdict.Passed ? "good" : "bad")}"><b>{result.Verdict}</b> {HtmlText.Encode(
                Sentence(result)
            )}</p>
            """
        );
        Figures(html, result);
        ReportPlots.Write(html, result);
        ReportTables.Write(html, result);
        html.Append(
            CultureInfo.InvariantCulture,
            $"""
            <h2>What was run</h2>
            <p>{result.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {HtmlText.Number(result.Seconds)} s, against {HtmlText.Encode(
                string.Join(", ", result.Hubs)
            )}; tool {HtmlText.Encode(result.ToolVersion)} on {result.Tool.Processors} processors used {HtmlText.Number(
                result.Tool.CpuSeconds
            )} s of CPU and {HtmlText.Number(result.Tool.MemoryMegabytes)} MB.</p>
            <pre>{HtmlText.Encode(JsonSerializer.Serialize(result.Scenario, ScenarioFile.Json))}</pre>
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
        Figure(html, "until all were live", result.RampSeconds is { } ramp ? $"{HtmlText.Number(ramp)} s" : "never");
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
            Figure(html, "until all views agreed", $"{HtmlText.Number(convergence)} ms");
        }

        if (result.Storm is { } storm)
        {
            Figure(
                html,
                $"storm of {storm.Cut:N0}: all live after",
                storm.SecondsUntilAllLive is { } seconds ? $"{HtmlText.Number(seconds)} s" : "not in time"
            );
        }

        if (result.Server is { } server)
        {
            Figure(html, "server CPU", $"{HtmlText.Number(server.Cores)} cores");
            Figure(html, "server memory", $"{HtmlText.Number(server.MemoryMegabytes)} MB");
        }

        html.Append("</dl>");
    }

    private static void Figure(StringBuilder html, string name, string value) =>
        html.Append(
            CultureInfo.InvariantCulture,
            $"<div><dt>{HtmlText.Encode(name)}</dt><dd>{HtmlText.Encode(value)}</dd></div>"
        );

    private static string Milliseconds(LatencySummary summary, double value) =>
        summary.Count is 0 ? "–" : $"{HtmlText.Number(value)} ms";
}
