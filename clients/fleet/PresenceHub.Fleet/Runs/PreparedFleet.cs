using PresenceHub.Fleet.Driving;
using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Runs;

/// <summary>A prepared fleet: members that have not started, and what they share.</summary>
internal sealed record PreparedFleet(
    FleetSurroundings Surroundings,
    IReadOnlyList<LightMember> LightMembers,
    IReadOnlyList<Canary> Canaries,
    WatchLists WatchLists,
    ChangeLog Changes,
    ChangeToken ChangeToken,
    EmulatorClient? Emulator
) : IDisposable
{
    public IReadOnlyList<IFleetMember> All { get; } = [.. LightMembers, .. Canaries];

    /// <summary>Members whose views must be right.</summary>
    public IReadOnlyList<IFleetMember> Healthy { get; } =
    [.. LightMembers.Where(member => member.Identity.Kind is MemberKind.Healthy), .. Canaries];

    public FleetRecords Records => Surroundings.Account.Records;

    public void Dispose()
    {
        Surroundings.Throttle.Dispose();
        Emulator?.Dispose();
    }
}
