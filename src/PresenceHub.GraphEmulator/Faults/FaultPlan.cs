namespace PresenceHub.GraphEmulator.Faults;

/// <summary>The faults to emulate. Kinds that are left out do not occur.</summary>
internal sealed record FaultPlan
{
    public static readonly FaultPlan None = new();

    /// <summary>
    /// Decides which requests are affected by faults with a share; null: as <see cref="GraphEmulatorOptions.Seed"/>.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Faults of requests; the first rule that matches and is not used up applies.</summary>
    public IReadOnlyList<RequestFault> Requests { get; init; } = [];

    /// <summary>Faults of notifications.</summary>
    public NotificationFaults Notifications { get; init; } = new();

    /// <summary>Faults of presence reads.</summary>
    public ReadFaults Reads { get; init; } = new();

    /// <summary>The answer to a creation for a while after the same owner has deleted a subscription.</summary>
    public AfterDeleteFault? AfterDelete { get; init; }
}
