using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Tests.WatchLists;

public sealed class WatcherUsageTests
{
    private static readonly Watcher Watcher = new(Guid.NewGuid(), "watcher");
    private static readonly QuotaLimits Limits = new(
        Connections: 10,
        WatchedIds: 100,
        IdsPerSecond: 10,
        IdBurst: 100,
        ColdIdsPerMinute: 60,
        PeopleRequestsPerMinute: 60
    );

    private readonly FakeTimeProvider _time = new();
    private readonly WatcherUsage _usage;

    public WatcherUsageTests() => _usage = new WatcherUsage(Watcher, Limits, _time);

    [Fact]
    public void FreeWatchedIds_OfANewConnection_LeavesOutTheOneThatItReplaces()
    {
        var first = _usage.Now;
        _time.Advance(TimeSpan.FromMinutes(5));
        _usage.WatchedIds = 100;

        // The network was lost: the hub still counts the first connection when the client is back with the second.
        var second = _usage.Now;

        Assert.Equal((0, 100), (_usage.FreeWatchedIds(first), _usage.FreeWatchedIds(second)));
        _usage.WatchedIds = 200;
        Assert.Equal(0, _usage.FreeWatchedIds(second));
        _usage.WatchedIds = 150;
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(0, _usage.FreeWatchedIds(second));
    }

    [Fact]
    public void TryUseNegotiation_WithinItsLifetime_CountsOnceAndKeepsTheUsage()
    {
        Assert.False(_usage.TryUseNegotiation());
        _usage.AddNegotiation();
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(_usage.IsIdle);
        Assert.True(_usage.TryUseNegotiation());
        Assert.False(_usage.TryUseNegotiation());

        _usage.AddNegotiation();
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(_usage.TryUseNegotiation());
        Assert.True(_usage.IsIdle);
    }

    [Fact]
    public void Raise_OneQuotaIsLarger_GrantsThatOneAtOnceAndKeepsTheOthers()
    {
        Assert.True(_usage.ColdIds.TryTake(60, out _));
        Assert.True(_usage.Ids.TryTake(100, out _));

        _usage.Raise(Limits with { ColdIdsPerMinute = 600, IdBurst = 5 });

        Assert.Equal(Limits with { ColdIdsPerMinute = 600 }, _usage.Limits);
        Assert.True(_usage.ColdIds.TryTake(540, out _));
        Assert.False(_usage.ColdIds.TryTake(1, out _));
        Assert.False(_usage.Ids.TryTake(1, out _));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(_usage.ColdIds.TryTake(10, out _));
    }

    [Fact]
    public void Of_SeveralRolesAndTokens_TheLargestQuotaCounts()
    {
        var options = new QuotaOptions { WatchedIds = 100 };
        options.Roles["few"] = new RoleQuotaOptions { WatchedIds = 10 };
        options.Roles["many"] = new RoleQuotaOptions { WatchedIds = 1000 };
        var quotas = Quotas.Of(new WatchListOptions(), options, _time);

        Assert.Equal(10, LimitOf("few"));
        Assert.Equal(1000, LimitOf("few", "many", "unheard of"));
        Assert.Equal(1000, LimitOf("many", "few"));
        Assert.Equal(100, LimitOf("unheard of"));

        // Another token of the first watcher.
        Assert.Equal(1000, quotas.Of(new Watcher(Watcher.TenantId, "few"), ["many"]).Limits.WatchedIds);

        int LimitOf(params string[] roles) =>
            quotas.Of(new Watcher(Watcher.TenantId, string.Join(' ', roles)), roles).Limits.WatchedIds;
    }
}
