using System.Globalization;
using System.Text;

namespace PresenceHub.Benchmarks.Report;

/// <summary>
/// Writes the results into the part of <c>docs/benchmarks.md</c> that is made by <c>bench.sh</c>; the rest is left
/// alone.
/// </summary>
internal static class MarkdownReport
{
    private const string Begin = "<!-- bench.sh writes from here -->";
    private const string End = "<!-- bench.sh writes to here -->";

    public static async Task WriteAsync(string path, IReadOnlyList<CaseResult> results)
    {
        var text = await File.ReadAllTextAsync(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new FormatException($"{path} does not hold the marks between which results belong");
        }

        await File.WriteAllTextAsync(path, text[..(begin + Begin.Length)] + Build(results) + text[end..]);
    }

    private static string Build(IReadOnlyList<CaseResult> results)
    {
        var startedAt = results.Min(result => result.StartedAt);
        var minutes = results.Sum(result => result.Seconds) / 60;
        var text = new StringBuilder("\n\n");
        Append(text, $"Measured {startedAt:yyyy-MM-dd HH:mm} UTC by `./bench.sh`, in {minutes:0} minutes.\n");
        Append(text, $"Machine: {Machine.Describe()}.\nVersions: {Machine.Versions()}.\n\n");
        AppendGoals(text, results);
        foreach (var result in results)
        {
            AppendCase(text, result);
        }

        return text.ToString();
    }

    private static void AppendGoals(StringBuilder text, IReadOnlyList<CaseResult> results)
    {
        text.Append("### Goals\n\n| versus | work | goal | measured | met |\n|---|---|---|---|---|\n");
        foreach (var goal in results.SelectMany(result => result.Goals))
        {
            var verdict = goal.IsMet ? "yes" : "**no**";
            Append(text, $"| {goal.Versus} | {goal.Work} | {goal.Target} | {goal.Figure} | {verdict} |\n");
        }

        text.Append('\n');
    }

    private static void AppendCase(StringBuilder text, CaseResult result)
    {
        Append(text, $"### `{result.Case}`: {result.Title}\n\n{result.Setup}\n");
        foreach (var note in result.Notes)
        {
            Append(text, $"{note}\n");
        }

        var systems = result.Measurements.Select(measurement => measurement.System).Distinct().ToList();
        Append(text, $"\n| | {string.Join(" | ", systems)} |\n|---|{string.Concat(systems.Select(_ => "---|"))}\n");
        foreach (var metric in result.Measurements.GroupBy(measurement => (measurement.Metric, measurement.Unit)))
        {
            var label = metric.Key.Unit.Length > 0 ? $"{metric.Key.Metric}, {metric.Key.Unit}" : metric.Key.Metric;
            Append(text, $"| {label} | {string.Join(" | ", systems.Select(system => Cell(metric, system)))} |\n");
        }

        text.Append('\n');
    }

    private static string Cell(IEnumerable<Measurement> measurements, string system) =>
        measurements.FirstOrDefault(measurement => measurement.System == system) is { } found
            ? Statistics.FormatSpread([.. found.Samples])
            : "–";

    private static void Append(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture));
}
