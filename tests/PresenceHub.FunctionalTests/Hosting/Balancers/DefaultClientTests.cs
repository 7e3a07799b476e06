using System.Globalization;
using PresenceHub.FunctionalTests.TypeScript;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Hosting.Balancers;

/// <summary>
/// Clients with their default options: behind round robin without sticky sessions, and behind a proxy that blocks
/// WebSockets.
/// </summary>
public sealed class DefaultClientTests : IAsyncLifetime
{
    private HubNodes _nodes = null!;

    private HubServer Node1 => _nodes.Nodes[0];

    public async Task InitializeAsync() => _nodes = await HubNodes.StartAsync(2);

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DotNet_RoundRobin_GetsChangesAndReconnectsToTheOtherNode(bool useMessagePack)
    {
        await using var balancer = RoundRobin();
        var id = (await Node1.PeopleAsync())[0];
        await using var client = await WatchingClient.ConnectAsync(Node1, useMessagePack, balancer.Address);
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);
        await ChangeIsShownAsync(client, id);

        var first = await ServingAsync();
        balancer.ResetAll();

        await Eventually.GetAsync(ServingAsync, node => node is not null && node != first);
        await ChangeIsShownAsync(client, id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DotNet_WebSocketsBlocked_GetsChangesOverEventsOrLongPolling(bool blocksEvents)
    {
        await using var proxy = await PlainHttpProxy.StartAsync(Node1.Address, blocksEvents);
        var id = (await Node1.PeopleAsync())[1];
        await using var client = await WatchingClient.ConnectAsync(Node1, through: proxy.Address);
        await client.Client.WatchAsync([id]);
        await client.LiveAsync(id);
        await ChangeIsShownAsync(client, id);

        Assert.Equal((!blocksEvents, blocksEvents), (proxy.Events > 0, proxy.Polls > 0));
    }

    [Fact]
    public async Task TypeScript_RoundRobin_GetsChangesAndReconnectsToTheOtherNode()
    {
        await using var balancer = RoundRobin();
        var ready = Path.Combine(Path.GetTempPath(), $"presencehub-{Guid.NewGuid():N}");
        var running = TypeScriptPackage.RunAsync(
            Node1,
            _nodes.Emulator,
            new Dictionary<string, string>
            {
                ["PRESENCEHUB_PROXY_URL"] = balancer.Address.ToString().TrimEnd('/'),
                ["PRESENCEHUB_CUT_PATH"] = ready,
            },
            "proxied"
        );

        // The client's test makes this file when it has seen a change, and then waits for its connection to be cut.
        await Task.WhenAny(running, Eventually.GetAsync(() => Task.FromResult(File.Exists(ready)), exists => exists));
        Assert.False(running.IsCompleted, running.IsFaulted ? running.Exception.InnerException!.Message : null);
        var first = await ServingAsync();
        balancer.ResetAll();
        await Eventually.GetAsync(ServingAsync, node => node is not null && node != first);

        File.Delete(ready);
        await running;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TypeScript_WebSocketsBlocked_GetsChangesOverEventsOrLongPolling(bool blocksEvents)
    {
        await using var proxy = await PlainHttpProxy.StartAsync(Node1.Address, blocksEvents);

        await TypeScriptPackage.RunAsync(
            Node1,
            _nodes.Emulator,
            new Dictionary<string, string> { ["PRESENCEHUB_PROXY_URL"] = proxy.Address.ToString().TrimEnd('/') },
            "proxied"
        );

        Assert.Equal((!blocksEvents, blocksEvents), (proxy.Events > 0, proxy.Polls > 0));
    }

    private static async Task<int> ConnectionsAsync(HubServer node)
    {
        var metrics = await node.Http.GetStringAsync("/metrics");
        var line = metrics
            .Split('\n')
            .FirstOrDefault(line => line.StartsWith("presencehub_connections{", StringComparison.Ordinal));
        return line is null ? 0 : int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private TcpProxy RoundRobin()
    {
        var balancer = new TcpProxy(Node1.Address);
        balancer.PointTo(_nodes.Nodes.Select(node => node.Address));
        return balancer;
    }

    /// <summary>The node that serves the only client; null while none or both do.</summary>
    private async Task<int?> ServingAsync()
    {
        var connections = await Task.WhenAll(_nodes.Nodes.Select(ConnectionsAsync));
        return connections.Sum() is 1 ? Array.IndexOf(connections, 1) : null;
    }

    private async Task ChangeIsShownAsync(WatchingClient client, string id)
    {
        var shown = client.Client.Entries[id].Availability;
        var (availability, activity) = shown is "DoNotDisturb"
            ? ("Busy", "InAMeeting")
            : ("DoNotDisturb", "Presenting");
        await _nodes.Emulator.SetPresenceAsync(id, availability, activity);
        await Eventually.GetAsync(
            () => Task.FromResult(client.Client.Entries[id]),
            entry => entry.Availability == availability
        );
    }
}
