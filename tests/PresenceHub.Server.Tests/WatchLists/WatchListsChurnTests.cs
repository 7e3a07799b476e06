using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Churn;

namespace PresenceHub.Server.Tests.WatchLists;

/// <summary>
/// Half a million different ids, connections and watchers go through all that WatchLists keeps by them: nothing may
/// grow.
/// </summary>
[Collection(nameof(WholeHeap))]
public sealed class WatchListsChurnTests
{
    private static readonly Guid Tenant = Guid.NewGuid();

    private readonly FakeTimeProvider _time = new();
    private readonly IOptions<WatchListOptions> _options = Options.Create(new WatchListOptions());

    [Fact]
    public async Task InterestLeases_RedisDoesNotAnswer_KeepsABoundedNumberOfChanges()
    {
        var (redis, keys) = (SilentRedis.Connect(), new InterestKeys(new RedisNames()));
        var wanted = new RefreshRequests(redis, keys);
        using var leases = new InterestLeases(
            redis,
            keys,
            wanted,
            new NodeId(),
            _options,
            _time,
            NullLogger<InterestLeases>.Instance
        );
        using var stopping = new CancellationTokenSource();
        var writing = leases.WriteOnceAsync(stopping.Token);
        var before = Heap();
        var most = 0;
        foreach (var page in Strangers(Ids).Chunk(1000))
        {
            leases.Announced(page);
            leases.Removed(page);
            most = Math.Max(most, leases.PendingChanges);
        }

        Assert.InRange(most, 1, InterestLeases.MaxChanges);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
    }

    [Fact]
    public void WatcherQuotas_ManyWatchers_AreForgottenWhenTheyAreIdle()
    {
        const int PerSecond = 10_000;
        var quotas = Quotas.Of(_options.Value, time: _time);
        var before = Heap();
        var most = 0;
        for (var second = 0; second < Ids / PerSecond; second++)
        {
            for (var i = 0; i < PerSecond; i++)
            {
                var usage = quotas.TryConnect(new Watcher(Tenant, Guid.NewGuid().ToString()), [])!;
                Assert.True(usage.Connects.TryTake(1, out _));
                Assert.True(usage.Ids.TryTake(50, out _));
                quotas.Disconnect(usage);
            }

            most = Math.Max(most, quotas.Count);
            _time.Advance(TimeSpan.FromSeconds(1));
            quotas.Sweep();
        }

        // What was taken is back within a few seconds.
        Assert.InRange(most, PerSecond, 10 * PerSecond);
        _time.Advance(TimeSpan.FromMinutes(1));
        quotas.Sweep();
        Assert.Equal(0, quotas.Count);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        GC.KeepAlive(quotas);
    }

    [Fact]
    public async Task WatchLists_ManyConnectionsAndIds_AreAllForgotten()
    {
        const int IdsEach = 2;
        var index = new InterestIndex([]);
        var quotas = Quotas.Of(_options.Value, time: _time);
        var policies = new WatchPolicies([new SameTenantPolicy(new HubTenant(Tenant))]);
        var lists = new ConnectionWatchLists(policies, index, quotas, _options);
        var before = Heap();
        for (var i = 0; i < Ids; i++)
        {
            var connection = $"connection {i}";
            Assert.True(lists.TryOpen(connection, new Watcher(Tenant, "watcher"), outbox: null));
            if (i % IdsEach is 0)
            {
                string[] ids = [.. Enumerable.Range(0, IdsEach).Select(_ => Guid.NewGuid().ToString())];
                Assert.Equal(IdsEach, (await lists.AddAsync(connection, ids, CancellationToken.None)).Added.Count);
                lists.Remove(connection, ids[..1]);
            }

            lists.Close(connection);
        }

        Assert.Empty(lists.All);
        Assert.Equal(0, index.Count);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
    }
}
