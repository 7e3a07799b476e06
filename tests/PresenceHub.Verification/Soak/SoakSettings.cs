namespace PresenceHub.Verification.Soak;

/// <summary>How large a run's hub is, and how far its faults go.</summary>
/// <param name="Clients">Every second one speaks MessagePack.</param>
/// <param name="ClockSkew">How far the clocks of two of the three nodes are off, one ahead and one behind.</param>
internal sealed record SoakSettings(int Clients, TimeSpan ClockSkew)
{
    public const int Nodes = 3;
    public const int People = 60;
    public const int WatchedPerClient = 20;

    public static TimeSpan PollingPeriod { get; } = TimeSpan.FromSeconds(2);

    public static TimeSpan StaleAfter { get; } = TimeSpan.FromSeconds(10);
}
