using System.Globalization;
using System.Text;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Reporting;

/// <summary>The tables of the HTML report: times, counts and checks.</summary>
internal static class ReportTables
{
    public static void Write(StringBuilder html, RunResult result)
    {
        Latencies(html, result);
        Counters(html, result);
        Checks(html, result);
    }

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
                var cells = string.Concat(values.Select(value => $"<td>{HtmlText.Number(value)}</td>"));
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
            html.Append(CultureInfo.InvariantCulture, $"<tr><th>{HtmlText.Encode(name)}</th><td>{value:N0}</td></tr>");
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
                        + $"that took {HtmlText.Number(oracle.Seconds)} s. Not readable over REST: {oracle.NotReadable:N0}.</p>"
                )
                : "<p>The views were not compared with the store.</p>"
        );
        if (result.Details.Count > 0)
        {
            html.Append(
                CultureInfo.InvariantCulture,
                $"<pre>{HtmlText.Encode(string.Join('\n', result.Details))}</pre>"
            );
        }
    }

    private static string Name(ViolationKind kind) =>
        kind switch
        {
            ViolationKind.NeverAskedFor => "entries never asked for",
            ViolationKind.NotLive => "connections not live at the end",
            _ => $"{kind.ToString().ToLowerInvariant()} revisions",
        };
}
