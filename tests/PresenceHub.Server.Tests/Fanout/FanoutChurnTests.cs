using Microsoft.Extensions.Options;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Store;
using PresenceHub.Server.Tests.WatchLists;
using PresenceHub.Server.WatchLists;
using static PresenceHub.Server.Tests.Churn;

namespace PresenceHub.Server.Tests.Fanout;

/// <summary>Connections that watch half a million different ids and are sent changes of each leave nothing
/// behind.</summary>
[Collection(nameof(WholeHeap))]
public sealed class FanoutChurnTests : IDisposable
{
    private const int IdsEach = 500;
    private static readonly Guid Tenant = Guid.NewGuid();

    private readonly ReadBench _bench = new();
    private readonly InterestIndex _index;
    private readonly Outboxes _outboxes;
    private readonly ConnectionWatchLists _lists;
    private readonly ColdIdQuota _coldIds;
    private readonly ChangeDispatcher _dispatcher;
    private readonly FrameCache _frames = new();

    public FanoutChurnTests()
    {
        var options = Options.Create(new WatchListOptions());
        _index = new InterestIndex([new MirrorInterest(_bench.Mirror)]);
        _outboxes = new Outboxes(_bench.Mirror, _bench.Time);
        var quotas = Quotas.Of(options.Value, new QuotaOptions { ColdIdsPerMinute = IdsEach / 2 }, _bench.Time);
        _lists = new ConnectionWatchLists(
            new WatchPolicies([new SameTenantPolicy(new HubTenant(Tenant))]),
            _index,
            quotas,
            options
        );
        _coldIds = new ColdIdQuota(_index, _bench.Mirror, new UnknownSubjects(_bench.Time));
        _dispatcher = new ChangeDispatcher(_bench.Mirror, _index, _outboxes, Options.Create(new FanoutOptions()));
    }

    public void Dispose()
    {
        _dispatcher.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task Connections_ThatWatchDifferentIds_LeaveNothingBehind()
    {
        await _bench.FollowAsync();
        await ServeAsync("warm up");
        var before = Heap();
        for (var i = 0; i < Ids / IdsEach; i++)
        {
            await ServeAsync($"connection {i}");
        }

        Assert.Equal(0, _outboxes.Count);
        Assert.False(_outboxes.Ready.TryTake(out _));
        Assert.Equal(0, _index.Count);
        Assert.Empty(_bench.Mirror.Partitions[0].Tracked);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
    }

    /// <summary>One connection from its start to its end.</summary>
    private async Task ServeAsync(string name)
    {
        var connection = new RecordingConnection(name);
        var outbox = _outboxes.Open(connection, maxFrameBytes: 4096);
        Assert.True(_lists.TryOpen(name, new Watcher(Tenant, name), outbox));

        string[] ids = [.. Strangers(IdsEach).Select(subject => subject.ToString())];
        var watched = (await _lists.AddAsync(name, ids, CancellationToken.None)).Added;
        var entries = await _bench.Mirror.ReadAsync(watched, null, CancellationToken.None);

        // More cold ids than the quota, twice: the first of such calls is granted.
        var usage = _lists.UsageOf(name);
        _coldIds.ChargeWatch(usage, entries);
        Assert.Equal(IdsEach / 2, usage.ColdIds.Taken);
        Assert.Throws<QuotaExceededException>(() => _coldIds.ChargeWatch(usage, entries));
        _lists.Announce(name, watched);
        var partition = _bench.Mirror.Partitions[0];
        var position = partition.Position with { Offset = partition.Position.Offset + 1 };
        StoredEntry[] changes = [.. watched.Select(subject => Entries.Of(subject, "Busy", position.Epoch, 1))];
        partition.TryFollow(new ChangeMessage(position, changes));
        _dispatcher.DispatchOnce();
        while (_outboxes.Ready.TryTake(out var ready))
        {
            ready.Flush(_frames);
        }

        Assert.NotEmpty(connection.Frames);
        _lists.Close(name);
        _outboxes.Close(name);
        _bench.Scripts.Clear();
        _bench.Changes.Clear();
    }
}
