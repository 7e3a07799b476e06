namespace PresenceHub.GraphEmulator.Faults;

/// <summary>The faults in force; replaced whole through the control API.</summary>
internal sealed class FaultSet
{
    private volatile FaultPlan _current = FaultPlan.None;

    public FaultPlan Current
    {
        get => _current;
        set => _current = value;
    }

    public static bool Happens(double share) => share > 0 && Random.Shared.NextDouble() < share;
}
