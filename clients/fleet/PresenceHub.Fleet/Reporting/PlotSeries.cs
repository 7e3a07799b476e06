namespace PresenceHub.Fleet.Reporting;

/// <summary>A line of a plot. A null value is a gap.</summary>
internal sealed record PlotSeries(string Name, IReadOnlyList<(double X, double? Y)> Points);
