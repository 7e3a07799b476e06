namespace PresenceHub.Fleet.Checking;

/// <summary>The result of the comparison at the end.</summary>
/// <param name="Subjects">Watched people that were compared.</param>
/// <param name="Views">Healthy connections whose views were compared.</param>
/// <param name="DifferFromStore">People with a view that never equalled the store in time.</param>
/// <param name="DifferFromEmulator">People whose store entry never equalled the emulator in time; null without an
/// emulator.</param>
/// <param name="NotReadable">People that the tokens in use may not read over REST, so that nothing could be
/// compared.</param>
/// <param name="NotLive">Healthy connections without an answered watch list.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record OracleResult(
    int Subjects,
    int Views,
    int DifferFromStore,
    int? DifferFromEmulator,
    int NotReadable,
    int NotLive,
    double Seconds
)
{
    public bool IsClean => DifferFromStore is 0 && (DifferFromEmulator ?? 0) is 0 && NotLive is 0;
}
