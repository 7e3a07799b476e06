using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Store;

/// <summary>A mirror with its follower and comparison, and a store of which single partitions can be away.</summary>
internal sealed class FollowerBench : IDisposable
{
    private readonly ReferenceServer _server;
    private readonly StoreMetrics _metrics = new(TestMetrics.NewFactory());
    private long _ticks;

    public FollowerBench(int partitions = 4)
    {
        var options = new StoreOptions { Partitions = partitions };
        var wrapped = Options.Create(options);
        _server = new ReferenceServer(new RedisNames(), options)
        {
            Instance = "server",
            Now = () => StoreTime.FromInstant(Time.GetUtcNow()) + ++_ticks,
            Publish = (partition, message) => Announce!(partition, message),
        };
        var connection = ScriptProxy.Connect((_, keys, arguments) => Evaluate(keys, arguments));
        Keys = new StoreKeys(new RedisNames(), wrapped);
        Clock = new StoreClock(Keys, Time);
        var channels = new StoreChannels(connection, Keys);
        Store = new PresenceStore(connection, Keys, channels, Clock, wrapped);
        var reads = new ClientReads(Store, _metrics, Time, NullLogger<ClientReads>.Instance);
        Mirror = new PresenceMirror(reads, Keys, Clock, wrapped);
        var layout = new StoreLayout(connection, Keys, channels, Store);
        var partitionFollowers = new PartitionFollowers(Store, Mirror, _metrics, wrapped, Time, Logger);
        Follower = new MirrorFollower(connection, partitionFollowers, channels, layout, wrapped, Time);
        Comparison = new MirrorComparison(
            Store,
            Mirror,
            _metrics,
            wrapped,
            Time,
            NullLogger<MirrorComparison>.Instance
        );
        Mirror.Changed += entries => Changes.AddRange(entries);
        Announce = (partition, message) => Follower.Receive(partition, message);
    }

    public FakeTimeProvider Time { get; } = new();

    public CountingLogger<PartitionFollowers> Logger { get; } = new();

    public StoreKeys Keys { get; }

    public StoreClock Clock { get; }

    public PresenceStore Store { get; }

    public PresenceMirror Mirror { get; }

    public MirrorFollower Follower { get; }

    public MirrorComparison Comparison { get; }

    public List<StoredEntry> Changes { get; } = [];

    /// <summary>The partitions whose server does not answer.</summary>
    public HashSet<int> Away { get; } = [];

    /// <summary>The partition and the subjects of every script that was answered.</summary>
    public List<(int Partition, SubjectId[] Subjects)> Scripts { get; } = [];

    /// <summary>Carries messages to the node.</summary>
    public Action<int, string> Announce { get; set; }

    /// <summary>A subject of a partition.</summary>
    public SubjectId SubjectOf(int partition)
    {
        while (true)
        {
            var subject = new SubjectId(Guid.NewGuid());
            if (Keys.PartitionOf(subject) == partition)
            {
                return subject;
            }
        }
    }

    public StoredEntry? Held(SubjectId subject) => Mirror.Partitions[Keys.PartitionOf(subject)].Held([subject])[0];

    public Task<ApplyOutcome[]> WriteAsync(string availability, params SubjectId[] subjects)
    {
        var observations = subjects.Select(subject => new Observation(
            subject,
            availability,
            availability,
            null,
            Clock.Now,
            ObservationSource.Poll
        ));
        return Store.ApplyAsync([.. observations], CancellationToken.None);
    }

    /// <summary>Checks positions for so long, as the follower's timer does.</summary>
    public async Task CheckForAsync(TimeSpan time)
    {
        for (var end = Time.GetUtcNow() + time; Time.GetUtcNow() < end; )
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            await CheckOnceAsync();
        }
    }

    /// <summary>One check of positions. Time goes on meanwhile, as it gives messages on their way a moment.</summary>
    public async Task CheckOnceAsync()
    {
        var check = Follower.CheckOnceAsync(CancellationToken.None);
        while (!check.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }

        await check;
    }

    public void Dispose()
    {
        Follower.Dispose();
        Comparison.Dispose();
        _metrics.Dispose();
    }

    private Task<RedisResult> Evaluate(RedisKey[] keys, RedisValue[] arguments)
    {
        var partition = Enumerable.Range(0, Keys.Partitions).First(index => Keys.Meta(index) == keys[0]);
        if (Away.Contains(partition))
        {
            return Task.FromException<RedisResult>(new TimeoutException("no answer"));
        }

        Scripts.Add((partition, [.. keys[1..].Select(ReferenceServer.SubjectOf)]));
        return Task.FromResult(_server.Evaluate(keys, arguments));
    }
}
