using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>The store and the mirror as one node has them.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    private StoreNode(IConnectionMultiplexer redis, IConnectionMultiplexer scripts, StoreSettings settings)
    {
        var wrapped = Options.Create(settings.Options);
        Redis = redis;
        Keys = new StoreKeys(settings.Names, wrapped);
        Clock = new StoreClock(Keys, TimeProvider.System);
        Channels = new StoreChannels(redis, Keys);
        Store = new PresenceStore(scripts, Keys, Channels, Clock, wrapped);
        Layout = new StoreLayout(redis, Keys, Channels, Store);
        Mirror = new PresenceMirror(
            new ClientReads(Store, Metrics, TimeProvider.System, NullLogger<ClientReads>.Instance),
            Keys,
            Clock,
            wrapped
        );
        Follower = new MirrorFollower(
            redis,
            new PartitionFollowers(
                Store,
                Mirror,
                Metrics,
                wrapped,
                TimeProvider.System,
                NullLogger<PartitionFollowers>.Instance
            ),
            Channels,
            Layout,
            wrapped,
            TimeProvider.System
        );
        Comparison = new MirrorComparison(
            Store,
            Mirror,
            Metrics,
            wrapped,
            TimeProvider.System,
            NullLogger<MirrorComparison>.Instance
        );
        ProbeChannels = new ProbeChannels(
            redis,
            Channels,
            Keys,
            Metrics,
            wrapped,
            TimeProvider.System,
            NullLogger<ProbeChannels>.Instance
        );
        Probe = new SubscriptionProbe(
            ProbeChannels,
            Follower,
            Metrics,
            wrapped,
            TimeProvider.System,
            NullLogger<SubscriptionProbe>.Instance
        );
    }

    public IConnectionMultiplexer Redis { get; }

    public StoreKeys Keys { get; }

    public StoreChannels Channels { get; }

    public StoreLayout Layout { get; }

    public StoreClock Clock { get; }

    public StoreMetrics Metrics { get; } = new(new Meters());

    public PresenceStore Store { get; }

    public PresenceMirror Mirror { get; }

    public MirrorFollower Follower { get; }

    public ProbeChannels ProbeChannels { get; }

    public SubscriptionProbe Probe { get; }

    public MirrorComparison Comparison { get; }

    /// <summary>Every test keeps to a prefix of its own.</summary>
    public static StoreSettings NewSettings() =>
        new(
            new RedisNames { KeyPrefix = $"t{Guid.NewGuid():N}"[..16] },
            new StoreOptions { Partitions = 4, PositionCheckPeriod = TimeSpan.FromMilliseconds(200) }
        );

    public static Task<StoreNode> ConnectAsync(string connectionString, StoreSettings settings) =>
        ConnectAsync(connectionString, settings, redis => redis);

    /// <param name="scripts">The connection that the store's scripts are run over.</param>
    public static async Task<StoreNode> ConnectAsync(
        string connectionString,
        StoreSettings settings,
        Func<IConnectionMultiplexer, IConnectionMultiplexer> scripts
    )
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(
            RedisServiceCollectionExtensions.CreateConfiguration($"{connectionString},asyncTimeout=5000")
        );
        return new StoreNode(redis, scripts(redis), settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Comparison.StopAsync(CancellationToken.None);
        Comparison.Dispose();
        await Probe.StopAsync(CancellationToken.None);
        Probe.Dispose();
        await Follower.StopAsync(CancellationToken.None);
        Follower.Dispose();
        await Redis.DisposeAsync();
        Metrics.Dispose();
    }

    private sealed class Meters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => new(options);

        public void Dispose() { }
    }
}
