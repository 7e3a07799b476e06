using System.Globalization;
using System.Net;
using System.Text;

namespace PresenceHub.Fleet.Reporting;

/// <summary>A line plot as inline SVG, coloured by the style sheet of the report.</summary>
internal sealed class LinePlot(string title, string unit)
{
    private const int Width = 760;
    private const int Height = 220;
    private const int Left = 64;
    private const int Right = 12;
    private const int Top = 12;
    private const int Bottom = 34;

    /// <summary>Places that show their values when the pointer rests on them.</summary>
    private const int MostTips = 240;

    private readonly List<PlotSeries> _series = [];
    private readonly List<(double X, string Label)> _marks = [];

    /// <summary>The values span orders of magnitude.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Labels of the x axis; empty: round numbers with <see cref="XUnit"/>.</summary>
    public IReadOnlyList<(double X, string Label)> XLabels { get; init; } = [];

    public string XUnit { get; init; } = "s";

    /// <summary>The end of the x axis, so that plots above each other agree; null: where the values end.</summary>
    public double? XEnd { get; init; }

    public LinePlot Add(string name, IEnumerable<(double X, double? Y)> points)
    {
        PlotSeries series = new(name, [.. points]);
        if (series.Points.Any(point => point.Y is not null))
        {
            _series.Add(series);
        }

        return this;
    }

    /// <summary>A vertical line with a label.</summary>
    public LinePlot Mark(double x, string label)
    {
        _marks.Add((x, label));
        return this;
    }

    /// <summary>The plot as a figure, or nothing when there are no values.</summary>
    public string Render()
    {
        if (_series.Count is 0)
        {
            return string.Empty;
        }

        var points = _series.SelectMany(series => series.Points).Where(point => point.Y is not null).ToArray();
        var x = PlotScale.Exact(0, XEnd ?? points.Max(point => point.X), Left, Width - Right);
        var highest = points.Max(point => point.Y!.Value);
        var y = IsLogarithmic
            ? PlotScale.Logarithmic(
                points.Where(point => point.Y > 0).Select(point => point.Y!.Value).DefaultIfEmpty(1).Min(),
                highest,
                Height - Bottom,
                Top
            )
            : PlotScale.Linear(highest, Height - Bottom, Top);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<figure><figcaption>{Encode(title)}{Legend()}</figcaption>");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Encode(title)}\">"
        );
        Grid(svg, x, y);
        foreach (var (series, number) in _series.Select((series, number) => (series, number)))
        {
            Line(svg, series, number, x, y);
        }

        Tips(svg, x);
        return svg.Append("</svg></figure>\n").ToString();
    }

    private string Legend() =>
        _series.Count < 2
            ? string.Empty
            : string.Concat(
                _series.Select((series, number) => $"<span class=\"key s{number}\">{Encode(series.Name)}</span>")
            );

    private void Grid(StringBuilder svg, PlotScale x, PlotScale y)
    {
        foreach (var tick in y.Ticks())
        {
            var at = Number(y.Map(tick));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{at}\" y2=\"{at}\"/>"
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick y\" x=\"{Left - 6}\" y=\"{at}\">{PlotScale.Label(tick)}</text>"
            );
        }

        foreach (
            var (value, label) in XLabels.Count > 0
                ? XLabels
                : x.Ticks().Select(tick => (tick, $"{PlotScale.Label(tick)} {XUnit}"))
        )
        {
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"tick\" x=\"{Number(x.Map(value))}\" "
                    + $"y=\"{Height - Bottom + 18}\">{Encode(label)}</text>"
            );
        }

        foreach (var (value, label) in _marks)
        {
            var at = Number(x.Map(value));
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"mark\" x1=\"{at}\" x2=\"{at}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>"
            );
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<text class=\"marklabel\" x=\"{at}\" dx=\"4\" y=\"{Top + 10}\">{Encode(label)}</text>"
            );
        }
    }

    private static void Line(StringBuilder svg, PlotSeries series, int number, PlotScale x, PlotScale y)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line s{number}\" d=\"");
        var isDrawing = false;
        foreach (var (at, value) in series.Points)
        {
            if (value is { } known)
            {
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"{(isDrawing ? 'L' : 'M')}{Number(x.Map(at))} {Number(y.Map(known))}"
                );

                // A point between two gaps would be a line of no length.
                svg.Append(isDrawing ? string.Empty : "h0.01");
            }

            isDrawing = value is not null;
        }

        svg.Append("\"/>");
    }

    private void Tips(StringBuilder svg, PlotScale x)
    {
        var longest = _series.MaxBy(series => series.Points.Count)!.Points;
        var every = Math.Max(1, longest.Count / MostTips);
        for (var at = 0; at < longest.Count; at += every)
        {
            var center = x.Map(longest[at].X);
            var next = at + every < longest.Count ? x.Map(longest[at + every].X) : center + 4;
            var values = _series
                .Where(series => at < series.Points.Count && series.Points[at].Y is not null)
                .Select(series => $"{series.Name}: {PlotScale.Label(series.Points[at].Y!.Value)} {unit}");
            var label = XLabels.Count > 0 ? string.Empty : $"{PlotScale.Label(longest[at].X)} {XUnit}\n";
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect class=\"tip\" x=\"{Number(center)}\" y=\"{Top}\" "
                    + $"width=\"{Number(Math.Max(next - center, 1))}\" "
                    + $"height=\"{Height - Top - Bottom}\">"
                    + $"<title>{Encode(label)}{Encode(string.Join('\n', values))}</title></rect>"
            );
        }
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
