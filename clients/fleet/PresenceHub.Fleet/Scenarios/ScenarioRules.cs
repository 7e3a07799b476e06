namespace PresenceHub.Fleet.Scenarios;

/// <summary>Ranges of a scenario's values.</summary>
internal static class ScenarioRules
{
    private const int MostConnections = 1_000_000;
    private const int MostSubjects = 100_000;
    private const int MostCanaries = 1000;
    private const int MostPerMinute = 60;
    private const double MostChangesPerSecond = 100_000;

    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(7);
    private static readonly TimeSpan LongestSettle = TimeSpan.FromHours(1);

    /// <summary>Throws for the first value out of range, and names its key.</summary>
    public static void Check(Scenario scenario, string source)
    {
        var broken = Problems(scenario).FirstOrDefault();
        if (broken is not null)
        {
            throw new FleetException($"The scenario {source} is not usable: {broken}.");
        }
    }

    private static IEnumerable<string> Problems(Scenario scenario)
    {
        var rules = new (string Key, bool Holds, string Range)[]
        {
            ("connections", scenario.Connections is >= 1 and <= MostConnections, "1 to 1,000,000"),
            ("canaries", scenario.Canaries is >= 0 and <= MostCanaries, "0 to 1,000"),
            ("connectionsPerToken", scenario.ConnectionsPerToken >= 1, "1 or more"),
            ("duration", scenario.Duration >= TimeSpan.Zero && scenario.Duration <= LongestDuration, "0s to 168h"),
            ("settle", scenario.Settle > TimeSpan.Zero && scenario.Settle <= LongestSettle, "above 0s, up to 1h"),
            ("ramp.perSecond", scenario.Ramp.PerSecond >= 0, "0 or more"),
            ("ramp.atOnce", scenario.Ramp.AtOnce >= 1, "1 or more"),
            ("watch.subjects", scenario.Watch.Subjects is >= 0 and <= MostSubjects, "0 to 100,000"),
            ("watch.exponent", scenario.Watch.Exponent >= 0, "0 or more"),
            (
                "watch.file",
                scenario.Watch.Distribution is not WatchDistribution.File || scenario.Watch.File is not null,
                "needed for the distribution file"
            ),
            ("churn.connectionsPerMinute", scenario.Churn.ConnectionsPerMinute is >= 0 and <= MostPerMinute, "0 to 60"),
            ("churn.subjectsPerMinute", scenario.Churn.SubjectsPerMinute is >= 0 and <= MostPerMinute, "0 to 60"),
            ("slow.share", scenario.Slow.Share is >= 0 and <= 1, "0 to 1"),
            ("slow.bytesPerSecond", scenario.Slow.BytesPerSecond >= 1, "1 or more"),
            (
                "stuckShare",
                scenario.StuckShare >= 0 && scenario.StuckShare + scenario.Slow.Share <= 1,
                "0 to 1, together with slow.share"
            ),
            ("storm.share", scenario.Storm is null or { Share: > 0 and <= 1 }, "above 0, up to 1"),
            (
                "storm.at",
                scenario.Storm is null || (scenario.Storm.At >= TimeSpan.Zero && scenario.Storm.At < scenario.Duration),
                "within the duration"
            ),
            ("storm.over", scenario.Storm is null || scenario.Storm.Over >= TimeSpan.Zero, "0s or more"),
            (
                "changes.perSecond",
                scenario.Changes is null or { PerSecond: > 0 and <= MostChangesPerSecond },
                "above 0, up to 100,000"
            ),
            ("changes.burst", scenario.Changes is null or { Burst: >= 1 }, "1 or more"),
            ("changes.subjects", scenario.Changes is null or { Subjects: >= 0 }, "0 or more"),
        };
        return rules.Where(rule => !rule.Holds).Select(rule => $"'{rule.Key}' must be {rule.Range}");
    }
}
