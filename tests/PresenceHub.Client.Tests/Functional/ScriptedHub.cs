using Microsoft.AspNetCore.SignalR;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Functional;

/// <summary>The hub's side of the contract, with answers from the test.</summary>
internal sealed class ScriptedHub(HubScript script) : Hub<IPresenceClient>
{
    public override Task OnConnectedAsync()
    {
        script.Connections.Add(Context);
        return Task.CompletedTask;
    }

    public WatchResult Watch(WatchRequest request)
    {
        script.Watches.Add(request);
        return script.OnWatch(request);
    }

    public void Unwatch(string[] ids) => script.Unwatches.Add(ids);

    public PresenceEntry[] Get(string[] ids) => script.OnGet(ids);
}
