using PresenceHub.Fleet.Checking;

namespace PresenceHub.Fleet.Members;

/// <summary>One client of the fleet: a light connection or a real SignalR client.</summary>
internal interface IFleetMember
{
    MemberIdentity Identity { get; }

    MemberView View { get; }

    MemberState State { get; }

    /// <summary>Connects, watches and reconnects until the token ends it.</summary>
    /// <param name="intendedStart">When the member was meant to start, as a timestamp: waiting for its turn
    /// counts.</param>
    Task RunAsync(long intendedStart, CancellationToken stoppingToken);
}
