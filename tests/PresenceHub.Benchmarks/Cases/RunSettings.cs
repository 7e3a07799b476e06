namespace PresenceHub.Benchmarks.Cases;

/// <summary>What a run compares and how often.</summary>
/// <param name="Server">Assembly of the hub.</param>
/// <param name="Against">Assembly of an earlier hub to measure beside it; null for none.</param>
/// <param name="IsQuick">Whether the run is to end within three minutes.</param>
internal sealed record RunSettings(string Server, string? Against, bool IsQuick)
{
    private const int FullRepeats = 5;
    private const int QuickRepeats = 2;

    /// <summary>How often each system is measured.</summary>
    public int Repeats { get; init; } = IsQuick ? QuickRepeats : FullRepeats;
}
