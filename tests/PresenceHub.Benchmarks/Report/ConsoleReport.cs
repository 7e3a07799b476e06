namespace PresenceHub.Benchmarks.Report;

/// <summary>A case's result in plain lines.</summary>
internal static class ConsoleReport
{
    public static void Print(CaseResult result)
    {
        Console.WriteLine();
        Console.WriteLine($"== {result.Case}: {result.Title} ({Statistics.Format(result.Seconds)} s)");
        Console.WriteLine(result.Setup);
        var width = result.Measurements.Max(measurement => measurement.Metric.Length + measurement.Unit.Length) + 3;
        foreach (var metric in result.Measurements.GroupBy(measurement => (measurement.Metric, measurement.Unit)))
        {
            Console.Write($"{metric.Key.Metric}, {metric.Key.Unit}".PadRight(width));
            Console.WriteLine(
                string.Join(
                    "  ",
                    metric.Select(measurement => $"{measurement.System} {Statistics.FormatSpread(measurement.Samples)}")
                )
            );
        }

        foreach (var goal in result.Goals)
        {
            var verdict = goal.IsMet ? "met" : "NOT MET";
            Console.WriteLine(
                $"goal: {goal.Work}, versus {goal.Versus}: {goal.Target}; measured {goal.Figure}: {verdict}"
            );
        }

        foreach (var note in result.Notes)
        {
            Console.WriteLine($"note: {note}");
        }
    }
}
