using System.Globalization;

namespace PresenceHub.Benchmarks.Report;

internal static class Statistics
{
    public static double Median(IReadOnlyCollection<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return sorted.Length is 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A figure with as many digits as it deserves.</summary>
    public static string Format(double value) =>
        Math.Abs(value) switch
        {
            double.NaN => "–",
            >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
            >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            _ when value == Math.Truncate(value) => value.ToString("0", CultureInfo.InvariantCulture),
            _ => value.ToString("0.00", CultureInfo.InvariantCulture),
        };

    /// <summary>The median with the least and the greatest sample.</summary>
    public static string FormatSpread(IReadOnlyCollection<double> samples) =>
        samples.Count is 1 || samples.Min() == samples.Max()
            ? Format(samples.First())
            : $"{Format(Median(samples))} ({Format(samples.Min())}–{Format(samples.Max())})";
}
