using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PresenceHub.Contracts;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A hub whose Redis is away, comes, dies and comes back, with clients connected.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    private Dictionary<string, string> Settings =>
        new() { ["Redis__ConnectionString"] = _redis.ConnectionString, ["Polling__Period"] = "00:00:10" };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Redis_AwayAtStart_ServerIsNotReadySaysWhyAndRecoversByItself()
    {
        await using var server = await HubServer.StartInProcessAsync(Settings, untilReady: false);

        Assert.Contains("connect", await StoreFailureAsync(server), StringComparison.OrdinalIgnoreCase);
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

    /// <summary>A server that starts in the middle of a failover must not take it for a server that will never
    /// do.</summary>
    [Fact]
    public async Task Redis_UnusableAtStart_ServerIsNotReadySaysWhyAndRecoversByItself()
    {
        // A cluster of one node, which serves no slot yet.
        await using var cluster = new RedisServer("--cluster-enabled", "yes");
        await cluster.StartAsync();
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = cluster.ConnectionString },
            untilReady: false
        );
        Assert.StartsWith("CLUSTERDOWN", await StoreFailureAsync(server), StringComparison.Ordinal);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            $"{cluster.ConnectionString},allowAdmin=true"
        );
        await connection.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);

        await server.WaitForHealthAsync("/health/ready");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Redis_KilledAndRestarted_ClientsKeepTheirViewAreToldStaleAndComeBack(bool losesData)
    {
        await _redis.StartAsync();
        await using var server = await HubServer.StartInProcessAsync(Settings);
        await using var client = await WatchingClient.ConnectAsync(server);
        var people = (await server.PeopleAsync())[..10];
        await client.Client.WatchAsync(people);
        var before = await Task.WhenAll(people.Select(client.LiveAsync));

        await _redis.KillAsync();
        await Task.WhenAll(
            people.Select(id =>
                client.Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Stale)
            )
        );
        Assert.Equal(
            before.Select(entry => (entry.Availability, Freshness.Stale)),
            people.Select(id => (client.Client.Entries[id].Availability, client.Client.Entries[id].Freshness))
        );
        await server.WaitForHealthAsync("/health/ready", healthy: false);
        await server.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Presenting");

        if (losesData)
        {
            _redis.LoseData();
        }

        await _redis.StartAsync();
        await server.WaitForHealthAsync("/health/ready");
        await client.ShowsAsync(people[0], "DoNotDisturb");
        await Task.WhenAll(
            people.Select(
                (id, i) =>
                    client.Entries.FirstAsync(entry =>
                        entry.Id == id && entry.Freshness is Freshness.Live && entry.Epoch > before[i].Epoch
                    )
            )
        );
        Assert.DoesNotContain(client.Entries.All, entry => entry.Freshness is Freshness.Unknown && entry.Revision > 0);
        Assert.Empty(client.StepsBack);
    }

    /// <summary>Why the server, which must not be ready, says that its store is not.</summary>
    private static async Task<string> StoreFailureAsync(HubServer server)
    {
        using var answer = await server.Http.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>())
            .GetProperty("failures")
            .GetProperty("store")
            .GetString()!;
    }
}
