using System.Net;
using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A hub whose Redis is away, comes, dies and comes back, with clients connected.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    private Dictionary<string, string> Settings => new() { ["Redis__ConnectionString"] = _redis.ConnectionString, ["Polling__Period"] = "00:00:10" };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Redis_AwayAtStart_ServerIsNotReadySaysWhyAndRecoversByItself()
    {
        await using var server = await HubServer.StartAsync(Settings, untilReady: false);

        using var answer = await server.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var reason = (await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync())).RootElement.GetProperty("failures").GetProperty("store").GetString();
        Assert.Contains("connect", reason, StringComparison.OrdinalIgnoreCase);
        await using (var early = await WatchingClient.ConnectAsync(server))
        {
            var people = await server.PeopleAsync();
            var watching = early.Client.WatchAsync([people[0]]);
            Assert.False(watching.IsCompleted);

            await _redis.StartAsync();

            await server.WaitForHealthAsync("/health/ready");
            await watching.WaitAsync(TimeSpan.FromSeconds(60));
            await early.LiveAsync(people[0]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redis_KilledAndRestarted_ClientsKeepTheirViewAreToldStaleAndComeBack(bool losesData)
    {
        await _redis.StartAsync();
        await using var server = await HubServer.StartAsync(Settings);
        await using var client = await WatchingClient.ConnectAsync(server);
        var people = (await server.PeopleAsync())[..10];
        await client.Client.WatchAsync(people);
        var before = await Task.WhenAll(people.Select(client.LiveAsync));

        await _redis.KillAsync();
        await Task.WhenAll(people.Select(id => client.Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Stale)));
        Assert.Equal(
            before.Select(entry => (entry.Availability, Freshness.Stale)),
            people.Select(id => (client.Client.Entries[id].Availability, client.Client.Entries[id].Freshness)));
        await server.WaitForHealthAsync("/health/ready", healthy: false);
        await server.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");

        if (losesData)
        {
            _redis.LoseData();
        }

        await _redis.StartAsync();
        await server.WaitForHealthAsync("/health/ready");
        await client.ShowsAsync(people[0], "DoNotDisturb");
        await Task.WhenAll(people.Select((id, i) =>
            client.Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Live && entry.Epoch > before[i].Epoch)));
        Assert.DoesNotContain(client.Entries.All, entry => entry.Freshness is Freshness.Unknown && entry.Revision > 0);
        foreach (var history in client.Entries.All.GroupBy(entry => entry.Id))
        {
            var orders = history.Select(entry => (entry.Epoch, entry.Revision)).ToArray();
            Assert.Equal(orders.Order(), orders);
        }
    }
}
