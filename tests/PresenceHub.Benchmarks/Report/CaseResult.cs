namespace PresenceHub.Benchmarks.Report;

/// <summary>What a case has measured. It is written to a file when the case ends, and the report is made from these files.</summary>
internal sealed record CaseResult(string Case, string Title, string Setup)
{
    public DateTimeOffset StartedAt { get; set; }

    public double Seconds { get; set; }

    public bool IsQuick { get; set; }

    public IList<Measurement> Measurements { get; init; } = [];

    public IList<Goal> Goals { get; init; } = [];

    /// <summary>What a reader must know to judge the figures.</summary>
    public IList<string> Notes { get; init; } = [];

    public Measurement? Find(string system, string metric) =>
        Measurements.FirstOrDefault(measurement => measurement.System == system && measurement.Metric == metric);

    /// <summary>The median of a metric; not a number where it was not measured.</summary>
    public double Median(string system, string metric) => Find(system, metric)?.Median ?? double.NaN;

    /// <summary>Adds a goal on how many times better the hub is than a peer: a figure of the peer over that of the hub.</summary>
    public void AddRatio(string peer, string hub, string metric, string work, double atLeast)
    {
        var ratio = Median(peer, metric) / Median(hub, metric);
        Goals.Add(new Goal(
            peer, work, $"≥ {Statistics.Format(atLeast)}× better", double.IsNaN(ratio) ? "not measured" : $"{Statistics.Format(ratio)}×",
            double.IsNaN(ratio) ? null : ratio >= atLeast));
    }

    /// <summary>Adds a goal on the hub's figure as a share of a peer's.</summary>
    public void AddShare(string peer, string hub, string metric, string work, double atMost)
    {
        var share = Median(hub, metric) / Median(peer, metric);
        Goals.Add(new Goal(
            peer, work, $"≤ {Statistics.Format(atMost)}×", double.IsNaN(share) ? "not measured" : $"{Statistics.Format(share)}×",
            double.IsNaN(share) ? null : share <= atMost));
    }

    /// <summary>Adds a goal on a figure itself.</summary>
    public void AddLimit(string hub, string metric, string work, double limit, string unit, bool isUpper = true)
    {
        var value = Median(hub, metric);
        Goals.Add(new Goal(
            "–", work, $"{(isUpper ? "≤" : "≥")} {Statistics.Format(limit)} {unit}",
            double.IsNaN(value) ? "not measured" : $"{Statistics.Format(value)} {unit}",
            double.IsNaN(value) ? null : isUpper ? value <= limit : value >= limit));
    }
}
