using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>One group send per change, awaited, as SignalR's documentation shows it.</summary>
internal sealed class GroupBroadcaster(IHubContext<StockHub> hub) : IBroadcaster
{
    public Task SendAsync(PresenceEntry entry) =>
        hub.Clients.Group(entry.Id).SendAsync(nameof(IPresenceClient.PresenceChanged), entry);
}
