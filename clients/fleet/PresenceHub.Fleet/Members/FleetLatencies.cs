using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Members;

/// <summary>The times that a run measures.</summary>
internal sealed class FleetLatencies(TimeProvider time)
{
    /// <summary>
    /// From the intended time of a driven change, or from <c>since</c> of an observed one, to its arrival.
    /// </summary>
    public LatencyRecorder Change { get; } = new(time);

    /// <summary>
    /// How long views of healthy connections differed from the truth: from the first change that they lacked to the
    /// entry that ended it.
    /// </summary>
    public LatencyRecorder Staleness { get; } = new(time);

    /// <summary>
    /// From the intended start of a connection to the answer for the whole watch list, with all waits and retries.
    /// </summary>
    public LatencyRecorder Ready { get; } = new(time);

    /// <summary>From the call of <c>Watch</c> to its answer.</summary>
    public LatencyRecorder Watch { get; } = new(time);

    public IReadOnlyList<LatencyRecorder> All => [Change, Staleness, Ready, Watch];
}
