namespace PresenceHub.Fleet.Scenarios;

/// <summary>What each connection watches.</summary>
internal sealed record WatchPlan
{
    /// <summary>People that each connection watches; 0 to 100,000. The hub allows 1,000 by default.</summary>
    public int Subjects { get; init; } = 50;

    public WatchDistribution Distribution { get; init; } = WatchDistribution.Uniform;

    /// <summary>How steep the Zipf distribution is; 0 is uniform.</summary>
    public double Exponent { get; init; } = 1;

    /// <summary>
    /// Watch lists for the distribution <c>file</c>: one connection a line, ids separated by blanks or commas.
    /// </summary>
    public string? File { get; init; }
}
