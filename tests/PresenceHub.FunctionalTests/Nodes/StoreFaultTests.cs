using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Nodes;

/// <summary>A hub whose Redis stands still.</summary>
public sealed class StoreFaultTests
{
    [Fact]
    public async Task Failover_ThatLosesAcknowledgedWrites_EndsInGraphsStateWithoutGoingBack()
    {
        await using var redis = await RedisSentinel.StartAsync();
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Redis__ConnectionString"] = redis.ConnectionString,
                ["Polling__Period"] = "00:00:05",
            }
        );
        await using var client = await WatchingClient.ConnectAsync(server);
        var people = (await server.PeopleAsync())[..5];
        await client.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(client.LiveAsync));
        await server.Emulator.WaitUntilCoveredAsync(people);

        await redis.StopReplicationAsync();
        await server.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Focusing");
        var lost = await client.ShowsAsync(people[0], "DoNotDisturb");
        await redis.Master.KillAsync();
        await server.Emulator.SetPresenceAsync(people[1], "DoNotDisturb", "Presenting");

        var after = await client.Entries.FirstAsync(
            entry =>
                entry.Id == people[0]
                && entry.Epoch > lost.Epoch
                && entry is { Availability: "DoNotDisturb", Freshness: Freshness.Live },
            TimeSpan.FromSeconds(60)
        );
        Assert.True(after.Epoch > lost.Epoch);
        await client.ShowsAsync(people[1], "DoNotDisturb", TimeSpan.FromSeconds(60));
        await server.WaitForHealthAsync("/health/ready");
        Assert.Empty(client.StepsBack);
    }

    [Fact]
    public async Task Freeze_OfRedis_IsShownAsStaleAndEndsWithinSeconds()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Redis__ConnectionString"] = redis.ConnectionString,
                ["Polling__Period"] = "00:00:05",
            }
        );
        await using var client = await WatchingClient.ConnectAsync(server);
        var people = (await server.PeopleAsync())[..5];
        await client.Client.WatchAsync(people);
        await Task.WhenAll(people.Select(client.LiveAsync));

        await redis.FreezeAsync();
        await Task.WhenAll(
            people.Select(id =>
                client.Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Stale)
            )
        );
        await server.WaitForHealthAsync("/health/ready", healthy: false);
        await server.Emulator.SetPresenceAsync(people[0], "DoNotDisturb", "Focusing");
        await redis.ThawAsync();

        await client.ShowsAsync(people[0], "DoNotDisturb");
        await server.WaitForHealthAsync("/health/ready");
        await Eventually.GetAsync(
            () => Task.FromResult(people.All(id => client.Client.Entries[id].Freshness is Freshness.Live)),
            allLive => allLive
        );
        Assert.Empty(client.StepsBack);
        await redis.DisposeAsync();
    }
}
