namespace PresenceHub.Verification.Soak;

/// <summary>What came of one kind of fault: how often it was on, and what clients and invariants made of those
/// rounds.</summary>
internal sealed record FaultRecord(string Name)
{
    public int Runs { get; set; }

    public int Violations { get; set; }

    public List<TimeSpan> Lags { get; } = [];
}
