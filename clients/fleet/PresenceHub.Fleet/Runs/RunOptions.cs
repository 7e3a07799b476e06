using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Runs;

/// <summary>Where a run goes to, and with what.</summary>
internal sealed record RunOptions(Scenario Scenario, IReadOnlyList<Uri> Hubs)
{
    /// <summary>Path of the hub below the base address (<c>docs/protocol.md</c>).</summary>
    private const string HubPath = "/hubs/presence";

    /// <summary>Base address of the emulator's control API; null: the hub is observed.</summary>
    public Uri? Emulator { get; init; }

    public string? TokenFile { get; init; }

    public string? TokenCommand { get; init; }

    public string? PeopleFile { get; init; }

    public IReadOnlyList<int> ServerProcesses { get; init; } = [];

    public IReadOnlyList<int> RedisProcesses { get; init; } = [];

    /// <summary>Addresses of <c>/metrics</c>, used when no process is named.</summary>
    public IReadOnlyList<Uri> Metrics { get; init; } = [];

    public bool TrustAnyCertificate { get; init; }

    /// <summary>How long to wait after the ramp until all connections are live.</summary>
    public TimeSpan ConnectPatience { get; init; } = TimeSpan.FromSeconds(75);

    /// <summary>A hub that takes no connection for this long has not just restarted: the run ends.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Addresses of the hub itself; a base address gets the path of the contract.</summary>
    public IEnumerable<Uri> HubAddresses =>
        Hubs.Select(hub => hub.AbsolutePath.EndsWith(HubPath, StringComparison.Ordinal) ? hub : new Uri(hub, HubPath));
}
