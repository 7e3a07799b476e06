using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;
using static PresenceHub.Server.Tests.Store.Entries;

namespace PresenceHub.Server.Tests.WatchLists;

[Trait("Category", "Functional")]
public sealed class InterestLeasesTests(RedisFixture fixture) : IClassFixture<RedisFixture>
{
    [Fact]
    public async Task StopAsync_NoTimeLeft_EndsWithoutAnError()
    {
        var options = Options.Create(new WatchListOptions());
        var keys = new InterestKeys(new RedisNames { KeyPrefix = "stop" });
        using var leases = new InterestLeases(
            fixture.Redis,
            keys,
            new RefreshRequests(fixture.Redis, keys),
            new NodeId(),
            options,
            TimeProvider.System,
            NullLogger<InterestLeases>.Instance
        );
        await leases.StartAsync(CancellationToken.None);

        var failure = await Record.ExceptionAsync(() => leases.StopAsync(new CancellationToken(canceled: true)));

        Assert.Null(failure);
    }

    [Fact]
    public async Task ReadAllAsync_NodeThatDiedBeforeItSetTheExpiry_EndsAllTheSame()
    {
        var (leases, keys, _) = Create("orphan");
        using var owned = leases;
        var database = fixture.Redis.GetDatabase();
        await database.SetAddAsync(keys.Nodes, "dead");
        await database.SetAddAsync(keys.Node("dead"), SubjectBytes.Write(Ada));

        Assert.Equal([Ada], await leases.ReadAllAsync(CancellationToken.None));

        var life = await database.KeyTimeToLiveAsync(keys.Node("dead"));
        Assert.InRange(life ?? TimeSpan.MaxValue, TimeSpan.Zero, new WatchListOptions().LeaseLifetime);
    }

    [Fact]
    public async Task WriteOnceAsync_WrittenAnew_LeavesOutWhoIsNotWatchedAndDeletesNothing()
    {
        var (leases, keys, node) = Create("again");
        using var owned = leases;
        var database = fixture.Redis.GetDatabase();
        await database.SetAddAsync(keys.Node(node.Value), [SubjectBytes.Write(Ada), SubjectBytes.Write(Ben)]);
        leases.Announced([Ada]);
        var deletions = await DeletionsAsync();

        await leases.WriteOnceAsync(CancellationToken.None);

        Assert.Equal([Ada], await leases.ReadAllAsync(CancellationToken.None));
        Assert.Equal(deletions, await DeletionsAsync());
    }

    [Fact]
    public async Task WriteOnceAsync_SubjectIsAddedButNotAnnounced_LeasesNothing()
    {
        var (leases, _, _) = Create("notannounced");
        using var owned = leases;
        leases.Added([Ada]);
        leases.Removed([Ada]);
        leases.Added([Ben]);

        await leases.WriteOnceAsync(CancellationToken.None);

        Assert.Empty(await leases.ReadAllAsync(CancellationToken.None));
    }

    [Fact]
    public async Task ReadAllAsync_NodeThatStartsToWatchMeanwhile_StaysKnown()
    {
        var (leases, keys, node) = Create("meanwhile");
        using var owned = leases;
        await fixture.Redis.GetDatabase().SetAddAsync(keys.Nodes, node.Value);
        leases.Announced([Ada]);
        var redis = BeforeRemovalProxy.Wrap(fixture.Redis, () => leases.WriteOnceAsync(CancellationToken.None));
        var (reader, _, _) = Create("meanwhile", redis);
        using var ownedToo = reader;

        Assert.Empty(await reader.ReadAllAsync(CancellationToken.None));

        Assert.Equal([Ada], await leases.ReadAllAsync(CancellationToken.None));
    }

    private (InterestLeases Leases, InterestKeys Keys, NodeId Node) Create(
        string prefix,
        IConnectionMultiplexer? redis = null
    )
    {
        redis ??= fixture.Redis;
        var options = Options.Create(new WatchListOptions());
        var (keys, node) = (new InterestKeys(new RedisNames { KeyPrefix = prefix }), new NodeId());
        return (
            new InterestLeases(
                redis,
                keys,
                new RefreshRequests(redis, keys),
                node,
                options,
                TimeProvider.System,
                NullLogger<InterestLeases>.Instance
            ),
            keys,
            node
        );
    }

    private async Task<string> DeletionsAsync()
    {
        var statistics = (string)(await fixture.Redis.GetDatabase().ExecuteAsync("INFO", "commandstats"))!;
        return string.Concat(
            statistics
                .Split('\n')
                .Where(line =>
                    line.StartsWith("cmdstat_del:", StringComparison.Ordinal)
                    || line.StartsWith("cmdstat_unlink:", StringComparison.Ordinal)
                )
                .Select(line => line.Split(',')[0])
        );
    }
}
