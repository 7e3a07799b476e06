using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Fanout;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Verification.Simulation;

/// <summary>A node of the hub: its own classes, of which only the links to Redis and to clients are
/// simulated.</summary>
internal sealed class SimulatedNode : IMeterFactory
{
    private const int MaxFrameBytes = 4096;

    private static readonly Guid Tenant = Guid.Parse("99999999-9999-9999-9999-999999999999");
    private static readonly FanoutOptions Fanout = new() { BookmarkPeriod = TimeSpan.FromSeconds(1) };

    private readonly List<Meter> _meters = [];
    private readonly Scene _scene;
    private readonly IConnectionMultiplexer _connection;
    private readonly StoreKeys _keys;
    private readonly Func<RedisKey[], RedisValue[], Task<RedisResult>> _send;
    private readonly Outboxes _outboxes;
    private readonly WatchPolicies _policies;
    private readonly ConnectionWatchLists _watchLists;
    private readonly PresenceCalls _calls;
    private readonly FrameCache _frames = new();
    private readonly ChangeDispatcher _dispatcher;
    private readonly FanoutService _fanout;
    private readonly NodeChecker _checker;
    private readonly List<SimulatedConnection> _connections = [];
    private Task _check = Task.CompletedTask;

    public SimulatedNode(
        string name,
        TimeSpan skew,
        Scene scene,
        SimulatedRedis redis,
        Func<RedisKey[], RedisValue[], Task<RedisResult>> send
    )
    {
        (Name, _scene, _send) = (name, scene, send);
        var time = new SkewedTime(scene.Time, skew);
        var store = Options.Create(scene.Options);
        var (connection, keys) = (ScriptProxy.Connect(SendAsync), new StoreKeys(new RedisNames(), store));
        (_connection, _keys) = (connection, keys);
        var channels = new StoreChannels(connection, keys);
        Clock = new StoreClock(keys, time);
        Store = new PresenceStore(connection, keys, channels, Clock, store);
        var metrics = new StoreMetrics(this);
        Mirror = new PresenceMirror(
            new ClientReads(Store, metrics, time, NullLogger<ClientReads>.Instance),
            keys,
            Clock,
            store
        );
        Follower = new MirrorFollower(
            connection,
            new PartitionFollowers(Store, Mirror, metrics, store, time, NullLogger<PartitionFollowers>.Instance),
            channels,
            new StoreLayout(connection, keys, channels, Store),
            store,
            time
        );
        InFlight = [.. Enumerable.Range(0, scene.Options.Partitions).Select(_ => new List<string>())];

        _outboxes = new Outboxes(Mirror, time);
        var watchLists = Options.Create(new WatchListOptions());
        _policies = new WatchPolicies([new SameTenantPolicy(new HubTenant(Tenant))]);
        var index = new InterestIndex([new MirrorInterest(Mirror)]);
        _watchLists = new ConnectionWatchLists(
            _policies,
            index,
            new WatcherQuotas(Options.Create(new QuotaOptions()), watchLists, time),
            watchLists
        );
        _calls = new PresenceCalls(
            _watchLists,
            Mirror,
            reads: null!,
            new ColdIdQuota(index, Mirror, new UnknownSubjects(time))
        );
        _dispatcher = new ChangeDispatcher(Mirror, index, _outboxes, Options.Create(Fanout));
        _fanout = new FanoutService(
            _outboxes,
            new FanoutMetrics(this, _outboxes),
            Options.Create(Fanout),
            time,
            NullLogger<FanoutService>.Instance
        );
        _checker = new NodeChecker(this, keys, scene, redis);
        Mirror.Changed += _checker.CheckChanges;
        Mirror.Positioned += OnPositioned;
    }

    public string Name { get; }

    public StoreClock Clock { get; }

    public PresenceStore Store { get; }

    public PresenceMirror Mirror { get; }

    public MirrorFollower Follower { get; }

    /// <summary>
    /// Writes as several pollers and notifications of a node do. Each has a store object of its own: that of one node
    /// would gather what is written while a script is in flight, and fewer scripts would overtake each other.
    /// </summary>
    public Task WriteAsync(Observation observation) =>
        new PresenceStore(
            _connection,
            _keys,
            new StoreChannels(_connection, _keys),
            Clock,
            Options.Create(_scene.Options)
        ).ApplyAsync([observation], CancellationToken.None);

    /// <summary>Messages on their way, by partition.</summary>
    public IReadOnlyList<List<string>> InFlight { get; }

    /// <summary>No message reaches the node.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>It answers calls, but its follower gets no time: messages wait, and no position is compared.</summary>
    public bool IsStarved { get; set; }

    public bool IsChecking => !_check.IsCompleted;

    /// <summary>Compares positions, as the timer or a gap would make it do.</summary>
    public void Check()
    {
        if (IsStarved)
        {
            return;
        }

        if (_scene.Flaw is not Flaw.NoPositionCheck || Mirror.Partitions.Any(partition => !partition.IsFollowing))
        {
            _check = CheckAsync();
        }
    }

    /// <summary>A link to Redis was lost and is there again.</summary>
    public void MarkOutOfSync() => Array.ForEach([.. Mirror.Partitions], partition => partition.MarkOutOfSync());

    public void Connect(SimulatedConnection connection)
    {
        _connections.Add(connection);
        var outbox = _outboxes.Open(connection, MaxFrameBytes);
        _watchLists.TryOpen(connection.ConnectionId, new Watcher(Tenant, connection.ConnectionId), outbox);
    }

    public void Disconnect(SimulatedConnection connection)
    {
        connection.Cut();
        _watchLists.Close(connection.ConnectionId);
        _outboxes.Close(connection.ConnectionId);
        _connections.Remove(connection);
    }

    public async Task<WatchResult> WatchAsync(SimulatedConnection connection, WatchRequest request)
    {
        using var hub = NewHub(connection);
        var answer = await hub.Watch(
            _scene.Flaw is Flaw.NoReadThrough && Cursor.TryParse(request.Cursor, out var cursor)
                ? request with
                {
                    Cursor = Capped(cursor).ToString(),
                }
                : request
        );
        var result = new WatchResult(
            [.. answer.Entries.Select(entry => entry.ToContract())],
            answer.Rejected,
            answer.Cursor
        );
        return _scene.Flaw is Flaw.NothingOnResume && request.Cursor is not null
            ? result with
            {
                Entries = [],
            }
            : result;
    }

    public void Unwatch(SimulatedConnection connection, string[] ids)
    {
        using var hub = NewHub(connection);
        hub.Unwatch(ids);
    }

    /// <summary>What it holds of a subject that is watched here.</summary>
    public StoredEntry? Held(SubjectId subject) =>
        Mirror.Partitions.Select(partition => partition.Held([subject])[0]).FirstOrDefault(entry => entry is not null);

    /// <summary>Gives the outboxes what the mirror has reported, as the dispatcher's thread does soon after.</summary>
    public void Dispatch() => _dispatcher.DispatchOnce();

    /// <summary>Flushes every outbox that is due, in an order that does not depend on a hash table.</summary>
    public void Flush()
    {
        Dispatch();
        var ready = new List<Outbox>();
        while (_outboxes.Ready.TryTake(out var outbox))
        {
            ready.Add(outbox);
        }

        foreach (var outbox in ready.OrderBy(outbox => outbox.ConnectionId, StringComparer.Ordinal))
        {
            outbox.Flush(_frames);
        }
    }

    public void CloseStuck() => _fanout.CloseStuckOnce();

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _dispatcher.Dispose();
        _fanout.Dispose();
        Follower.Dispose();
        _policies.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private async Task<RedisResult> SendAsync(object script, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await _send(keys, arguments);
        }
        catch (TimeoutException)
        {
            _checker.RecordFailure();
            throw;
        }
    }

    private async Task CheckAsync()
    {
        var due = _checker.Due();
        var isInSync = false;
        try
        {
            isInSync = await Follower.CheckOnceAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            _scene.Violations.Add($"{Name} checked its positions and got {exception}");
        }

        if (isInSync)
        {
            _checker.CheckDue(due);
        }
    }

    private Cursor Capped(Cursor cursor) =>
        new(
            Math.Min(cursor.Epoch, Mirror.Partitions.Max(partition => partition.Position.Epoch)),
            Math.Min(cursor.Time, Mirror.Partitions.Min(partition => partition.Position.Clock))
        );

    private void OnPositioned(Cursor cursor)
    {
        if (_scene.Flaw is Flaw.CursorBeforeFlush)
        {
            foreach (
                var connection in _connections.OrderBy(connection => connection.ConnectionId, StringComparer.Ordinal)
            )
            {
                connection.Enqueue(new InvocationMessage(nameof(IPresenceClient.Bookmark), [cursor.ToString()]));
            }
        }
    }

    private WatchHub NewHub(SimulatedConnection connection) =>
        new(_watchLists, _outboxes, _calls) { Context = new SimulatedCaller(connection) };
}
