using System.Globalization;

namespace PresenceHub.Fleet.Reporting;

/// <summary>Maps values to pixels, linearly or by their logarithm, and knows where to put round numbers.</summary>
internal sealed class PlotScale
{
    private const int WantedTicks = 5;

    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;
    private readonly bool _isLogarithmic;

    private PlotScale(double low, double high, double from, double to, bool isLogarithmic) =>
        (_low, _high, _from, _to, _isLogarithmic) = (low, high, from, to, isLogarithmic);

    /// <summary>From zero to a round number at or above the highest value.</summary>
    public static PlotScale Linear(double highest, double from, double to)
    {
        var step = Step(highest > 0 ? highest : 1);
        return new PlotScale(0, step * Math.Ceiling((highest > 0 ? highest : 1) / step), from, to, false);
    }

    /// <summary>Exactly between two values.</summary>
    public static PlotScale Exact(double low, double high, double from, double to) =>
        new(low, high > low ? high : low + 1, from, to, false);

    /// <summary>Whole powers of ten around the values; values below the lowest are drawn at it.</summary>
    public static PlotScale Logarithmic(double lowest, double highest, double from, double to)
    {
        var low = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(lowest, 0.001))));
        var high = Math.Pow(10, Math.Ceiling(Math.Log10(Math.Max(highest, low * 10))));
        return new PlotScale(low, high, from, to, true);
    }

    public double Map(double value)
    {
        var share = _isLogarithmic
            ? Math.Log10(Math.Max(value, _low) / _low) / Math.Log10(_high / _low)
            : (value - _low) / (_high - _low);
        return _from + ((_to - _from) * Math.Clamp(share, 0, 1));
    }

    public IEnumerable<double> Ticks()
    {
        if (_isLogarithmic)
        {
            for (var tick = _low; tick <= _high * 1.001; tick *= 10)
            {
                yield return tick;
            }

            yield break;
        }

        var step = Step(_high - _low);
        for (var tick = Math.Ceiling(_low / step) * step; tick <= _high * 1.0001; tick += step)
        {
            yield return tick;
        }
    }

    public static string Label(double value) =>
        value switch
        {
            >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1_000_000:0.##} M"),
            >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{value / 1000:0.##} k"),
            _ => value.ToString("#,0.###", CultureInfo.InvariantCulture),
        };

    private static double Step(double range)
    {
        var raw = range / WantedTicks;
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        return power
            * (
                (raw / power) switch
                {
                    <= 1 => 1,
                    <= 2 => 2,
                    <= 5 => 5,
                    _ => 10,
                }
            );
    }
}
