namespace PresenceHub.Fleet.Measuring;

/// <summary>A point of a percentile curve.</summary>
internal readonly record struct PercentilePoint(double Percentile, double Milliseconds);
