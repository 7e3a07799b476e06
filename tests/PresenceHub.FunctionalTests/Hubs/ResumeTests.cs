using PresenceHub.Client;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Hubs;

public sealed class ResumeTests : IAsyncLifetime
{
    private HubServer _server = null!;

    public async Task InitializeAsync() =>
        _server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Fanout__BookmarkPeriod"] = "00:00:00.200" }
        );

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Client_CutOffDuringThreeChanges_HoldsExactlyTheCurrentStateAfterReconnecting()
    {
        await using var proxy = new TcpProxy(_server.Address);
        await using var witness = await WatchingClient.ConnectAsync(_server);
        await using var client = await WatchingClient.ConnectAsync(_server, through: proxy.Address);
        var people = (await _server.PeopleAsync())[..20];
        await witness.Client.WatchAsync(people);
        await client.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(client.LiveAsync));
        await _server.Emulator.WaitUntilCoveredAsync(people);

        proxy.Cut();
        await client.States.FirstAsync(state => state is PresenceConnectionState.Reconnecting);
        await ChangeAsync(people[0], "Busy");
        await ChangeAsync(people[0], "DoNotDisturb");
        await ChangeAsync(people[1], "DoNotDisturb");
        await ChangeAsync(people[2], "Offline");
        proxy.Mend();

        await client.ShowsAsync(people[0], "DoNotDisturb");
        await client.ShowsAsync(people[1], "DoNotDisturb");
        await client.ShowsAsync(people[2], "Offline");
        Assert.Equal(
            people.Select(id =>
                (
                    witness.Client.Entries[id].Availability,
                    witness.Client.Entries[id].Epoch,
                    witness.Client.Entries[id].Revision,
                    "live"
                )
            ),
            people.Select(id =>
                (
                    client.Client.Entries[id].Availability,
                    client.Client.Entries[id].Epoch,
                    client.Client.Entries[id].Revision,
                    client.Client.Entries[id].Freshness
                )
            )
        );

        async Task ChangeAsync(string id, string availability)
        {
            await _server.Emulator.SetPresenceAsync(id, availability, availability);
            await witness.ShowsAsync(id, availability);
        }
    }

    [Fact]
    public async Task Client_CutOffManyTimes_NeverGoesBack()
    {
        await using var proxy = new TcpProxy(_server.Address);
        await using var client = await WatchingClient.ConnectAsync(_server, through: proxy.Address);
        var people = (await _server.PeopleAsync())[..3];
        await client.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(client.LiveAsync));
        await _server.Emulator.WaitUntilCoveredAsync(people);

        for (var round = 0; round < 5; round++)
        {
            var reconnects = client.States.All.Count(state => state is PresenceConnectionState.Connected);
            proxy.Cut();
            foreach (var id in people)
            {
                await _server.Emulator.SetPresenceAsync(id, round % 2 is 0 ? "Busy" : "Away", "Busy");
            }

            proxy.Mend();
            await client.States.FirstAsync(_ =>
                client.States.All.Count(state => state is PresenceConnectionState.Connected) > reconnects
            );
        }

        await _server.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");
        await client.ShowsAsync(people[0], "DoNotDisturb");
        Assert.Empty(client.StepsBack);
    }
}
