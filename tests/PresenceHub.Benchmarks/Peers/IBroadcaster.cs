using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>How a peer sends one change to the connections that watch its subject.</summary>
internal interface IBroadcaster
{
    Task SendAsync(PresenceEntry entry);
}
