using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Control;

/// <summary>A node all of whose pool threads are busy for longer than anything may take, while Redis is well.</summary>
[Collection(nameof(StalledPool)), Trait("Category", "Functional")]
public sealed class StalledPoolTests : IAsyncLifetime
{
    /// <summary>Longer than a renewal period, a timeout of the library, a probe and the time without a position
    /// check.</summary>
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(7);

    private static readonly SubjectId Ada = new(Guid.NewGuid());

    private static readonly RedisNames Names = new() { KeyPrefix = "stall" };

    private readonly StoreMetrics _metrics = new(TestMetrics.NewFactory());
    private readonly IOptions<StoreOptions> _options = Options.Create(
        new StoreOptions
        {
            Partitions = 4,
            PositionCheckPeriod = TimeSpan.FromMilliseconds(200),
            UnconfirmedAfter = TimeSpan.FromSeconds(1),
            ProbePeriod = TimeSpan.FromMilliseconds(500),
            ProbeTimeout = TimeSpan.FromSeconds(1),
        }
    );

    private RedisProcess _process = null!;
    private ConnectionMultiplexer _data = null!;
    private ConnectionMultiplexer _control = null!;

    public async Task InitializeAsync()
    {
        RedisServiceCollectionExtensions.UseOwnThreads();
        _process = await RedisProcess.StartAsync();
        _data = await ConnectionMultiplexer.ConnectAsync(
            RedisServiceCollectionExtensions.CreateConfiguration(_process.ConnectionString)
        );
        _control = await ConnectionMultiplexer.ConnectAsync(
            RedisServiceCollectionExtensions.CreateConfiguration(_process.ConnectionString)
        );
    }

    public async Task DisposeAsync()
    {
        await _data.DisposeAsync();
        await _control.DisposeAsync();
        await _process.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Leadership_PoolBlocked_IsRenewed()
    {
        var keys = new IngestKeys(Names);
        using var leadership = new Leadership(
            _control,
            keys,
            new NodeId(),
            TestMetrics.Create(),
            TimeProvider.System,
            NullLogger<Leadership>.Instance
        );
        await leadership.StartAsync(CancellationToken.None);
        var term = await leadership.WaitForTermAsync(CancellationToken.None).WaitAsync(Leadership.LeaseLifetime);

        Assert.True(StalledPool.For(Stall));

        // Without a renewal in the stall it would be less than what the stall has left of it.
        Assert.InRange(
            (await _data.GetDatabase().KeyTimeToLiveAsync(keys.Leader))!.Value,
            Leadership.LeaseLifetime - (Stall * 0.85),
            Leadership.LeaseLifetime
        );
        Assert.False(term.IsCancellationRequested);
        await leadership.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Mirror_PoolBlocked_StaysInSyncAndLive()
    {
        var keys = new StoreKeys(Names, _options);
        var clock = new StoreClock(keys, TimeProvider.System);
        var channels = new StoreChannels(_data, keys);
        var (store, control) = (
            new PresenceStore(_data, keys, channels, clock, _options),
            new PresenceStore(_control, keys, channels, clock, _options)
        );
        var mirror = new PresenceMirror(
            new ClientReads(store, _metrics, TimeProvider.System, NullLogger<ClientReads>.Instance),
            keys,
            clock,
            _options
        );
        using var follower = new MirrorFollower(
            _data,
            new PartitionFollowers(
                control,
                mirror,
                _metrics,
                _options,
                TimeProvider.System,
                NullLogger<PartitionFollowers>.Instance
            ),
            channels,
            new StoreLayout(_data, keys, channels, store),
            _options,
            TimeProvider.System
        );
        using var probe = new SubscriptionProbe(
            new ProbeChannels(
                _data,
                channels,
                keys,
                _metrics,
                _options,
                TimeProvider.System,
                NullLogger<ProbeChannels>.Instance
            ),
            follower,
            _metrics,
            _options,
            TimeProvider.System,
            NullLogger<SubscriptionProbe>.Instance
        );
        await store.ApplyAsync(
            [new Observation(Ada, "Busy", "InACall", null, clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        mirror.Track([Ada]);
        var inSync = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        mirror.Positioned += _ => inSync.TrySetResult();
        await follower.StartAsync(CancellationToken.None);
        await probe.StartAsync(CancellationToken.None);
        await inSync.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var changes = 0;
        var positioned = 0;
        mirror.Changed += entries => Interlocked.Add(ref changes, entries.Count);
        mirror.Positioned += _ => Interlocked.Increment(ref positioned);

        Assert.True(StalledPool.For(Stall));

        Assert.Null(follower.Failure);
        Assert.InRange(positioned, 10, 40);

        // A probe that is on its way would take the next one for its own, which is then not answered.
        await probe.StopAsync(CancellationToken.None);
        await probe.ProbeOnceAsync(CancellationToken.None);
        Assert.Null(probe.Failure);
        Assert.Equal(0, changes);
        await follower.StopAsync(CancellationToken.None);
    }
}
