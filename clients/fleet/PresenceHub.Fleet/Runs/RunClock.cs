using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Runs;

/// <summary>What a run is doing, since when, and how long it will take.</summary>
internal sealed class RunClock(Scenario scenario, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private long _phaseStart = time.GetTimestamp();

    public RunPhase Phase { get; private set; }

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    /// <summary>Estimated; null when it depends on the hub.</summary>
    public TimeSpan? Remaining =>
        Phase switch
        {
            RunPhase.Connecting => NotNegative(RampTime - time.GetElapsedTime(_phaseStart)) + scenario.Duration,
            RunPhase.Measuring => NotNegative(scenario.Duration - time.GetElapsedTime(_phaseStart)),
            _ => null,
        };

    public TimeSpan PhaseElapsed => time.GetElapsedTime(_phaseStart);

    public void Begin(RunPhase phase) => (Phase, _phaseStart) = (phase, time.GetTimestamp());

    private TimeSpan RampTime =>
        scenario.Ramp.PerSecond is 0
            ? TimeSpan.Zero
            : TimeSpan.FromSeconds(scenario.Connections / scenario.Ramp.PerSecond);

    private static TimeSpan NotNegative(TimeSpan duration) => duration > TimeSpan.Zero ? duration : TimeSpan.Zero;
}
