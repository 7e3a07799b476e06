using PresenceHub.Fleet.Connections;
using PresenceHub.Fleet.Hub;
using PresenceHub.Fleet.Identities;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Members;

/// <summary>What all members of a fleet share.</summary>
internal sealed record FleetSurroundings(
    IReadOnlyList<WebSocketTarget> Hubs,
    IdentityPool Identities,
    SubjectTable Subjects,
    ConnectThrottle Throttle,
    EntryAccount Account,
    RunStop Stop,
    TimeProvider Time
)
{
    public CallLimit CallLimit { get; } = new();

    public LocalAddresses LocalAddresses { get; init; } = LocalAddresses.Automatic;

    public bool TrustAnyCertificate { get; init; }
}
