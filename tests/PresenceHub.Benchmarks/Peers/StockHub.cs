using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Benchmarks.Peers;

/// <summary>What a user of SignalR writes for the same purpose: one group per watched subject.</summary>
[Authorize]
internal sealed class StockHub(IPresenceTable presences) : Hub
{
    public async Task<WatchResult> Watch(WatchRequest request)
    {
        // All joins at once: with a backplane each first join of a group waits for a SUBSCRIBE.
        await Task.WhenAll(request.Ids.Select(id => Groups.AddToGroupAsync(Context.ConnectionId, id)));
        return new WatchResult(await presences.GetAsync(request.Ids), [], string.Empty);
    }
}
