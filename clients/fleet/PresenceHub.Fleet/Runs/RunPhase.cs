namespace PresenceHub.Fleet.Runs;

/// <summary>What a run is doing.</summary>
internal enum RunPhase
{
    Preparing,
    Connecting,
    Measuring,
    Settling,
    Done,
}
