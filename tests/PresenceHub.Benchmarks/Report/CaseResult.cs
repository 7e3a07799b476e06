namespace PresenceHub.Benchmarks.Report;

/// <summary>
/// What a case has measured. It is written to a file when the case ends, and the report is made from these files.
/// </summary>
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

    /// <summary>Adds a goal on how many times better the hub is: a figure of the peer over that of the hub.</summary>
    public void AddRatio(string peer, string hub, string metric, string work, double atLeast) =>
        AddTimes(peer, work, "≥", atLeast, Median(peer, metric) / Median(hub, metric));

    /// <summary>Adds a goal on the hub's figure as a share of a peer's.</summary>
    public void AddShare(string peer, string hub, string metric, string work, double atMost) =>
        AddTimes(peer, work, "≤", atMost, Median(hub, metric) / Median(peer, metric));

    /// <summary>Adds a goal on a figure itself.</summary>
    public void AddLimit(string hub, string metric, string work, double limit, string unit, bool isUpper = true)
    {
        var value = Median(hub, metric);
        if (!double.IsNaN(value))
        {
            var target = $"{(isUpper ? "≤" : "≥")} {Statistics.Format(limit)} {unit}";
            var isMet = isUpper ? value <= limit : value >= limit;
            Goals.Add(new Goal("–", work, target, $"{Statistics.Format(value)} {unit}", isMet));
        }
    }

    /// <summary>Adds a goal on a ratio; without a figure of both there is no goal.</summary>
    public void AddTimes(string peer, string work, string relation, double target, double measured)
    {
        if (!double.IsNaN(measured))
        {
            var isMet = relation is "≤" ? measured <= target : measured >= target;
            Goals.Add(
                new Goal(
                    peer,
                    work,
                    $"{relation} {Statistics.Format(target)}×",
                    $"{Statistics.Format(measured)}×",
                    isMet
                )
            );
        }
    }
}
