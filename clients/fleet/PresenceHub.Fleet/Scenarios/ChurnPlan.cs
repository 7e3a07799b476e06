namespace PresenceHub.Fleet.Scenarios;

/// <summary>What goes on changing while the run measures.</summary>
internal sealed record ChurnPlan
{
    /// <summary>
    /// Connections that are cut per minute, as a share of all; they come back at once and resume. 0 to 60.
    /// </summary>
    public double ConnectionsPerMinute { get; init; }

    /// <summary>
    /// Connections per minute, as a share of all, that replace one watched person by another. 0 to 60.
    /// </summary>
    public double SubjectsPerMinute { get; init; }
}
