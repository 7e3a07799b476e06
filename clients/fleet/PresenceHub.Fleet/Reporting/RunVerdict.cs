namespace PresenceHub.Fleet.Reporting;

/// <summary>How a run ended.</summary>
internal enum RunVerdict
{
    /// <summary>Every view is right and no rule was broken.</summary>
    Passed,

    /// <summary>A rule was broken or a view is wrong.</summary>
    Failed,

    /// <summary>The run could not be finished; the reason says why.</summary>
    Incomplete,

    /// <summary>The user ended it.</summary>
    Interrupted,
}
