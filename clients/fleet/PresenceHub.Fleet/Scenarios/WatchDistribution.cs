namespace PresenceHub.Fleet.Scenarios;

/// <summary>How the watched people of a connection are chosen.</summary>
internal enum WatchDistribution
{
    /// <summary>All people are equally likely to be watched.</summary>
    Uniform,

    /// <summary>The n-th person is watched in proportion to 1 / n^exponent: few people are watched by many.</summary>
    Zipf,

    /// <summary>A connection belongs to a department and watches its colleagues.</summary>
    Department,

    /// <summary>The lists come from a file.</summary>
    File,
}
