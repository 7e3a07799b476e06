namespace PresenceHub.Verification.Soak;

/// <summary>The machine's clock, set ahead or behind.</summary>
internal sealed class ShiftedClock(TimeSpan shift) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + shift;
}
