using System.Net;
using PresenceHub.Client;
using PresenceHub.FunctionalTests.Hubs;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Nodes;

/// <summary>Two nodes of one hub: what one writes the other shows, and clients move between them without
/// loss.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private const int Clients = 20;

    private HubNodes _hub = null!;

    /// <summary>Has a process of its own, and reads Graph.</summary>
    private HubServer A => _hub.Nodes[0];

    private HubServer B => _hub.Nodes[1];

    public async Task InitializeAsync()
    {
        _hub = await HubNodes.StartAsync(0);
        await _hub.AddProcessAsync();
        await _hub.AddAsync();
    }

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task Change_ReachesTheClientsOfEveryNode()
    {
        await using var onA = await WatchingClient.ConnectAsync(A);
        await using var onB = await WatchingClient.ConnectAsync(B);
        var id = (await A.PeopleAsync())[0];
        await onA.Client.WatchAsync([id]);
        await onB.Client.WatchAsync([id]);
        await onA.LiveAsync(id);
        await onB.LiveAsync(id);
        await _hub.Emulator.WaitUntilCoveredAsync(id);

        await _hub.Emulator.SetPresenceAsync(id, "DoNotDisturb", "Presenting");

        var shown = await Task.WhenAll(
            onA.ShowsAsync(id, "DoNotDisturb", TimeSpan.FromSeconds(2)),
            onB.ShowsAsync(id, "DoNotDisturb", TimeSpan.FromSeconds(2))
        );
        Assert.Equal((shown[0].Epoch, shown[0].Revision), (shown[1].Epoch, shown[1].Revision));
    }

    [Fact]
    public async Task Drain_OfANode_MovesEachClientOnceAndMissesNothing()
    {
        await using var balancer = new TcpProxy(A.Address);
        var people = (await A.PeopleAsync())[..5];
        var clients = new List<WatchingClient>();
        for (var i = 0; i < Clients; i++)
        {
            clients.Add(await WatchingClient.ConnectAsync(A, useMessagePack: i % 2 is 0, through: balancer.Address));
            await clients[i].Client.WatchAsync(people);
        }

        await Task.WhenAll(clients.SelectMany(client => people.Select(client.LiveAsync)));
        await _hub.Emulator.WaitUntilCoveredAsync(people);
        using var stream = await EventStreamClient.OpenAsync(A, $"?ids={people[0]}");
        balancer.PointTo(B.Address);

        var stopping = A.StopAsync();
        await A.WaitForHealthAsync("/health/ready", healthy: false);
        using (
            var refused = await A.Http.PostAsync(
                new Uri("/hubs/presence/negotiate?negotiateVersion=1", UriKind.Relative),
                null
            )
        )
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        using (var refused = await EventStreamClient.SendAsync(A, $"?ids={people[0]}", token: null))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        foreach (var id in people)
        {
            await _hub.Emulator.SetPresenceAsync(id, "DoNotDisturb", "Focusing");
        }

        var waits = await Task.WhenAll(clients.Select(client => client.Drains.FirstAsync(_ => true)));
        Assert.True(waits.Max() - waits.Min() > TimeSpan.FromSeconds(1), "The clients are not spread over the window");
        await stream.FirstAsync("draining");
        await stream.Ended.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await stopping);
        await Task.WhenAll(
            clients.SelectMany(client =>
                people.Select(id => client.ShowsAsync(id, "DoNotDisturb", TimeSpan.FromSeconds(60)))
            )
        );
        foreach (var client in clients)
        {
            // The changes may have arrived through A.
            await client.States.FirstAsync(state => state is PresenceConnectionState.Reconnecting);
            Assert.Single(client.Drains.All);
            Assert.Equal(1, client.States.All.Count(state => state is PresenceConnectionState.Reconnecting));
            Assert.Empty(client.StepsBack);

            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Kill_OfTheLeadingNode_AnotherLeadsWithinFifteenSecondsAndNothingIsMissed()
    {
        await A.OutputLineAsync("reads Graph from now on");
        await using var balancer = new TcpProxy(A.Address);
        await using var client = await WatchingClient.ConnectAsync(A, through: balancer.Address);
        var people = (await A.PeopleAsync())[..5];
        await client.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(client.LiveAsync));

        balancer.PointTo(B.Address);
        await A.KillAsync();
        await _hub.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Focusing");

        await B.OutputLineAsync("reads Graph from now on");
        await client.ShowsAsync(people[0], "DoNotDisturb", TimeSpan.FromSeconds(20));
    }
}
