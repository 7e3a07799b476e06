namespace PresenceHub.GraphEmulator.Faults;

/// <summary>What goes wrong. Everything left out goes well.</summary>
internal sealed record FaultPlan
{
    public static readonly FaultPlan None = new();

    /// <summary>Decides which requests faults with a share hit; null: as
    /// <see cref="GraphEmulatorOptions.Seed"/>.</summary>
    public int? Seed { get; init; }

    /// <summary>Faults of requests; the first rule that fits and still has turns left is used.</summary>
    public IReadOnlyList<RequestFault> Requests { get; init; } = [];

    /// <summary>Faults of notifications.</summary>
    public NotificationFaults Notifications { get; init; } = new();

    /// <summary>Oddities of presence reads.</summary>
    public ReadFaults Reads { get; init; } = new();

    /// <summary>What a create answers for a while after the same owner deleted a subscription.</summary>
    public AfterDeleteFault? AfterDelete { get; init; }
}
