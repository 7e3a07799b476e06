namespace PresenceHub.GraphEmulator.Faults;

/// <summary>The active faults, replaced as a whole through the control API.</summary>
internal sealed class FaultSet(GraphEmulatorOptions options)
{
    private volatile FaultCourse _course = new(FaultPlan.None, options.Seed);

    public FaultPlan Current
    {
        get => _course.Plan;
        set => _course = new FaultCourse(value, value.Seed ?? options.Seed);
    }

    /// <summary>The plan and its source of randomness, which is reset with each plan.</summary>
    public FaultCourse Course => _course;
}
