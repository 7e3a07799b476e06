using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Nodes;

/// <summary>A hub whose Redis Cluster loses a master without a replica, and goes on with the others.</summary>
public sealed class LostShardNodeTests : IAsyncLifetime
{
    private readonly RedisCluster _cluster = new(needsAllSlots: false);
    private ConnectionMultiplexer _connection = null!;

    public async Task InitializeAsync()
    {
        await _cluster.InitializeAsync();
        _connection = await ConnectionMultiplexer.ConnectAsync(_cluster.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Shard_KilledAndRestarted_ClientsAreToldStaleOfItsSubjectsOnlyAndTheNodeStaysReady()
    {
        var prefix = PrefixWithLeaseBesideInterest();
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string>
            {
                ["Redis__ConnectionString"] = _cluster.ConnectionString,
                ["Redis__KeyPrefix"] = prefix,
                ["Notifications__Enabled"] = "false",
                ["Polling__Period"] = "00:00:02",
            }
        );
        await using var client = await WatchingClient.ConnectAsync(server);
        var people = await server.PeopleAsync();
        await client.Client.WatchAsync(people[..20]);
        await Task.WhenAll(people[..20].Select(client.LiveAsync));
        var shard = await ShardWithoutLeasesAsync(prefix);
        var lost = people[..20].Where(id => IsOn(shard, prefix, id)).ToArray();
        var living = people[..20].Except(lost).ToArray();
        var stranger = people[20..].First(id => IsOn(shard, prefix, id));

        await shard.KillAsync();
        await Task.WhenAll(
            lost.Select(id => client.Entries.FirstAsync(entry => entry.Id == id && entry.Freshness is Freshness.Stale))
        );
        Assert.Equal((HttpStatusCode.OK, "degraded"), await ReadinessAsync(server));
        foreach (var id in living[..3])
        {
            await server.Emulator.SetPresenceAsync(id, "DoNotDisturb", "Presenting");
            await client.ShowsAsync(id, "DoNotDisturb");
        }

        // A page that is loaded now is answered for all of its subjects.
        await using var late = await WatchingClient.ConnectAsync(server);
        await late.Client.WatchAsync([living[0], lost[0], stranger]);
        Assert.Equal(
            [Freshness.Live, Freshness.Stale, Freshness.Unknown],
            new[] { living[0], lost[0], stranger }.Select(id => late.Client.Entries[id].Freshness)
        );
        Assert.DoesNotContain(client.Entries.All, entry =>
            living.Contains(entry.Id) && entry.Freshness is Freshness.Stale
        );

        await server.Emulator.SetPresenceAsync(lost[0], "DoNotDisturb", "Presenting");
        await shard.StartAsync();
        await client.ShowsAsync(lost[0], "DoNotDisturb");
        await late.ShowsAsync(lost[0], "DoNotDisturb");
        await late.LiveAsync(stranger);
        await Eventually.GetAsync(() => ReadinessAsync(server), answer => answer is (HttpStatusCode.OK, "ok"));
        await Eventually.GetAsync(
            () => Task.FromResult(people[..20].All(id => client.Client.Entries[id].Freshness is Freshness.Live)),
            allLive => allLive
        );
        Assert.Empty(client.StepsBack);
        Assert.Empty(late.StepsBack);
    }

    /// <summary>
    /// Without the leader's lease no node would read Graph. The lease and the list of nodes are on one shard, so that
    /// others remain.
    /// </summary>
    private string PrefixWithLeaseBesideInterest() =>
        Enumerable
            .Range(0, int.MaxValue)
            .Select(number => string.Create(CultureInfo.InvariantCulture, $"ph{number}"))
            .First(prefix => OwnerOf($"{prefix}:ingest:leader") == OwnerOf($"{prefix}:interest:nodes"));

    private RedisServer OwnerOf(RedisKey key) => _cluster.OwnerOf(_connection, key);

    private async Task<RedisServer> ShardWithoutLeasesAsync(string prefix)
    {
        var nodes = await Eventually.GetAsync(
            () => _connection.GetDatabase().SetMembersAsync($"{prefix}:interest:nodes"),
            members => members.Length > 0
        );
        var needed = nodes.Select(node => (RedisKey)$"{prefix}:interest:{node}").Append($"{prefix}:ingest:leader");
        var owners = needed.Select(OwnerOf).ToHashSet();
        return _cluster.Masters.First(master => !owners.Contains(master));
    }

    private bool IsOn(RedisServer shard, string prefix, string id)
    {
        var keys = new StoreKeys(new RedisNames { KeyPrefix = prefix }, Options.Create(new StoreOptions()));
        return SubjectId.TryParse(id, out var subject)
            && OwnerOf(keys.Subject(keys.PartitionOf(subject), subject)) == shard;
    }

    private static async Task<(HttpStatusCode Status, string Word)> ReadinessAsync(HubServer server)
    {
        using var answer = await server.Http.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.GetProperty("status").GetString()!);
    }
}
