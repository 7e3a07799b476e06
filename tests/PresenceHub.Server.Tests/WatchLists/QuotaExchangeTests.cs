using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>Two nodes and one watcher.</summary>
[Trait("Category", "Functional")]
public sealed class QuotaExchangeTests : IClassFixture<RedisFixture>, IDisposable
{
    private static readonly Watcher Watcher = new(Guid.NewGuid(), "watcher");

    private readonly FakeTimeProvider _time = new();
    private readonly RedisNames _names = new() { KeyPrefix = $"q{Guid.NewGuid():N}"[..20] };
    private readonly WatchListOptions _watchLists;
    private readonly InterestKeys _keys;
    private readonly RedisFixture _redis;
    private readonly WatcherQuotas[] _quotas;
    private readonly QuotaExchange[] _exchanges;

    public QuotaExchangeTests(RedisFixture redis)
    {
        _watchLists = new WatchListOptions { MaxConnectionsPerWatcher = 8 };
        _keys = new InterestKeys(_names);
        var quotas = new QuotaOptions
        {
            IdsPerSecond = 10,
            IdBurst = 1000,
            ColdIdsPerMinute = 1200,
            WatchedIds = 100,
        };
        _redis = redis;
        _quotas = [Quotas.Of(_watchLists, quotas, _time), Quotas.Of(_watchLists, quotas, _time)];
        _exchanges =
        [
            .. _quotas.Select(node => new QuotaExchange(
                redis.Redis,
                _keys,
                node,
                new NodeId(),
                _time,
                NullLogger<QuotaExchange>.Instance
            )),
        ];
    }

    public void Dispose() => Array.ForEach(_exchanges, exchange => exchange.Dispose());

    [Fact]
    public async Task Exchange_ConnectionsOnAnotherNode_CountHere()
    {
        await ExchangeAsync();
        for (var i = 0; i < 6; i++)
        {
            Assert.NotNull(_quotas[0].TryConnect(Watcher, []));
        }

        Assert.NotNull(_quotas[1].TryConnect(Watcher, []));
        Assert.NotNull(_quotas[1].TryConnect(Watcher, []));
        await ExchangeAsync();

        Assert.Null(_quotas[1].TryConnect(Watcher, []));
        Assert.NotNull(_quotas[1].TryConnect(Watcher with { Id = "another" }, []));
    }

    [Fact]
    public async Task Exchange_IdsAskedOnAnotherNode_AreChargedHereOnce()
    {
        var (here, there) = (_quotas[0].Of(Watcher, []), _quotas[1].Of(Watcher, []));
        here.Ids.TryTake(200, out _);
        there.Ids.TryTake(200, out _);
        await ExchangeAsync();
        there.Ids.TryTake(400, out _);
        there.ColdIds.TryTake(1000, out _);
        await ExchangeAsync();
        await ExchangeAsync();
        await ExchangeAsync();

        Assert.False(here.Ids.TryTake(201, out _));
        Assert.True(here.Ids.TryTake(200, out _));
        Assert.False(here.ColdIds.TryTake(201, out _));
        Assert.True(here.ColdIds.TryTake(200, out _));
    }

    [Fact]
    public async Task Exchange_QuotaTakenOnEachNodeAtOnce_IsPaidBackByAll()
    {
        var usages = _quotas.Select(node => node.Of(Watcher, [])).ToArray();
        Assert.All(usages, usage => Assert.True(usage.ColdIds.TryTake(1200, out _)));
        await ExchangeAsync();
        await ExchangeAsync();
        await ExchangeAsync();

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.All(usages, usage => Assert.False(usage.ColdIds.TryTake(1, out _)));
        await ExchangeAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.All(usages, usage => Assert.True(usage.ColdIds.TryTake(1200, out _)));
    }

    [Fact]
    public async Task Exchange_QuotaTakenOnAnotherNodeLongAgo_IsNotCharged()
    {
        var (here, there) = (_quotas[0].TryConnect(Watcher, [])!, _quotas[1].TryConnect(Watcher, [])!);
        there.Ids.TryTake(1000, out _);
        await ExchangeAsync();
        _time.Advance(TimeSpan.FromSeconds(80));
        here.Ids.TryTake(300, out _);
        there.Ids.TryTake(100, out _);
        await ExchangeAsync();
        await ExchangeAsync();

        // 300 taken here; of the other node 200 have not come back, and 100 were taken now.
        Assert.False(here.Ids.TryTake(401, out _));
        Assert.True(here.Ids.TryTake(400, out _));
    }

    [Fact]
    public async Task Exchange_NodeThatCountsFromZeroAgain_GivesNothingBack()
    {
        var here = _quotas[0].Of(Watcher, []);
        here.Ids.TryTake(500, out _);
        _quotas[1].Of(Watcher, []).Ids.TryTake(400, out _);
        await ExchangeAsync();
        await ExchangeAsync();
        await ExchangeAsync();
        Assert.False(here.Ids.TryTake(101, out _));

        var key = Assert.Single(_redis.Redis.GetServers()[0].Keys(pattern: $"{_names.KeyPrefix}:usage:*").ToArray());
        var fields = await _redis.Redis.GetDatabase().HashGetAllAsync(key);
        var other = fields.Single(field => field.Value.ToString().Contains(":400:", StringComparison.Ordinal)).Name;
        await _redis.Redis.GetDatabase().HashSetAsync(key, other, "1:0:0:50:0:50:0");
        await _exchanges[0].ExchangeOnceAsync(CancellationToken.None);

        Assert.False(here.Ids.TryTake(51, out _));
        Assert.True(here.Ids.TryTake(50, out _));
    }

    [Fact]
    public async Task Exchange_IdsWatchedOnAnotherNode_LeaveLessToWatchHere()
    {
        var index = new InterestIndex([]);
        var (here, there) = (_quotas[0].TryConnect(Watcher, [])!, _quotas[1].TryConnect(Watcher, [])!);
        var list = new WatchList("here", Watcher, 1000, index, outbox: null) { Usage = here };
        var otherList = new WatchList("there", Watcher, 1000, new InterestIndex([]), outbox: null) { Usage = there };
        list.Add(NewSubjects(20));
        otherList.Add(NewSubjects(70));
        await ExchangeAsync();
        await ExchangeAsync();

        var (added, overLimit) = list.Add(NewSubjects(15));

        Assert.Equal((10, 5), (added.Count, overLimit.Count));
        otherList.Close();
        list.Close();
        Assert.Equal((0, 0), (here.WatchedIds, there.WatchedIds));
    }

    [Fact]
    public async Task Exchange_NodeThatDies_CountsForTenSecondsOnly()
    {
        for (var i = 0; i < 4; i++)
        {
            _quotas[0].TryConnect(Watcher, []);
            _quotas[1].TryConnect(Watcher, []);
        }

        await ExchangeAsync();
        await ExchangeAsync();
        Assert.Null(_quotas[0].TryConnect(Watcher, []));
        await _exchanges[0].ExchangeOnceAsync(CancellationToken.None);

        _time.Advance(QuotaExchange.Lifetime + TimeSpan.FromSeconds(1));
        await _exchanges[0].ExchangeOnceAsync(CancellationToken.None);

        Assert.NotNull(_quotas[0].TryConnect(Watcher, []));
    }

    [Fact]
    public async Task Exchange_NodeThatIsGone_IsRemovedWhileTheOthersGoOn()
    {
        _quotas[0].Of(Watcher, []).Ids.TryTake(900, out _);
        _quotas[1].Of(Watcher, []).Ids.TryTake(900, out _);
        await ExchangeAsync();
        await _exchanges[0].ExchangeOnceAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromSeconds(30));
        await _exchanges[0].ExchangeOnceAsync(CancellationToken.None);
        var key = Assert.Single(_redis.Redis.GetServers()[0].Keys(pattern: $"{_names.KeyPrefix}:usage:*").ToArray());
        Assert.Equal(2, await _redis.Redis.GetDatabase().HashLengthAsync(key));

        _time.Advance(TimeSpan.FromSeconds(45));
        _quotas[0].Of(Watcher, []).Ids.TryTake(900, out _);
        await _exchanges[0].ExchangeOnceAsync(CancellationToken.None);

        Assert.Equal(1, await _redis.Redis.GetDatabase().HashLengthAsync(key));
    }

    [Fact]
    public async Task Exchange_RedisGone_EachNodeGrantsItsOwnQuota()
    {
        for (var i = 0; i < 4; i++)
        {
            _quotas[0].TryConnect(Watcher, []);
            _quotas[1].TryConnect(Watcher, []);
        }

        await ExchangeAsync();
        await ExchangeAsync();

        _time.Advance(QuotaExchange.Lifetime + TimeSpan.FromSeconds(1));

        for (var i = 0; i < 4; i++)
        {
            Assert.NotNull(_quotas[0].TryConnect(Watcher, []));
        }

        Assert.Null(_quotas[0].TryConnect(Watcher, []));
    }

    [Fact]
    public async Task Exchange_WatcherThatTakesLittle_WritesNothing()
    {
        _quotas[0].TryConnect(Watcher, []);
        _quotas[0].Of(Watcher, []).Ids.TryTake(50, out _);

        await ExchangeAsync();

        var server = _redis.Redis.GetServers()[0];
        Assert.Empty(server.Keys(pattern: $"{_names.KeyPrefix}:usage:*").ToArray());
    }

    [Fact]
    public async Task Sweep_WatcherThatIsIdle_IsForgottenHereAndInRedis()
    {
        var usage = _quotas[0].TryConnect(Watcher, [])!;
        usage.Ids.TryTake(900, out _);
        await ExchangeAsync();
        _quotas[0].Disconnect(usage);
        _time.Advance(TimeSpan.FromMinutes(2));

        await ExchangeAsync();
        await ExchangeAsync();

        Assert.Equal(0, _quotas[0].Count);
        Assert.Empty(_redis.Redis.GetServers()[0].Keys(pattern: $"{_names.KeyPrefix}:usage:*").ToArray());
    }

    [Fact]
    public void Of_TokenWithARoleThatHasQuotas_GetsThem()
    {
        var options = new QuotaOptions();
        options.Roles["PresenceHub.Watch"] = new RoleQuotaOptions { Connections = 500, IdsPerSecond = 50_000 };
        var quotas = Quotas.Of(new WatchListOptions { MaxConnectionsPerWatcher = 8 }, options);

        var service = quotas.Of(Watcher, ["Other.Role", "PresenceHub.Watch"]).Limits;
        var person = quotas.Of(Watcher with { Id = "person" }, []).Limits;

        Assert.Equal(
            (500, 50_000, options.WatchedIds),
            (service.Connections, service.IdsPerSecond, service.WatchedIds)
        );
        Assert.Equal((8, options.IdsPerSecond), (person.Connections, person.IdsPerSecond));
    }

    private static SubjectId[] NewSubjects(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new SubjectId(Guid.NewGuid()))];

    private async Task ExchangeAsync()
    {
        foreach (var exchange in _exchanges)
        {
            await exchange.ExchangeOnceAsync(CancellationToken.None);
        }
    }
}
