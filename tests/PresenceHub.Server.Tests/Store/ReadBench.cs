using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Server.Tests.Ingest;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Store;

/// <summary>A mirror whose scripts are answered when the test says so.</summary>
internal sealed class ReadBench : IDisposable
{
    private readonly ReferenceServer _server;
    private readonly StoreMetrics _metrics = new(TestMetrics.NewFactory());
    private readonly Lock _gate = new();
    private readonly Queue<Action<Exception?>> _inFlight = [];
    private long _now = 1_000_000_000;
    private bool _isHeld;

    public ReadBench(int partitions = 1)
    {
        var options = new StoreOptions { Partitions = partitions };
        var wrapped = Options.Create(options);
        _server = new ReferenceServer(new RedisNames(), options)
        {
            Instance = "server",
            Now = () => Interlocked.Increment(ref _now),
        };
        var connection = ScriptProxy.Connect((_, keys, arguments) => EvaluateAsync(keys, arguments));
        Keys = new StoreKeys(new RedisNames(), wrapped);
        var clock = new StoreClock(Keys, Time);
        Store = new PresenceStore(connection, Keys, new StoreChannels(connection, Keys), clock, wrapped);
        Mirror = new PresenceMirror(new ClientReads(Store, _metrics, Time, Logger), Keys, clock, wrapped);
        Mirror.Changed += entries => Changes.AddRange(entries);
    }

    public FakeTimeProvider Time { get; } = new();

    public CountingLogger<ClientReads> Logger { get; } = new();

    public StoreKeys Keys { get; }

    public PresenceStore Store { get; }

    public PresenceMirror Mirror { get; }

    public List<StoredEntry> Changes { get; } = [];

    /// <summary>The subjects of every script sent, in the order sent.</summary>
    public List<SubjectId[]> Scripts { get; } = [];

    /// <summary>Released for each script that is sent.</summary>
    public SemaphoreSlim Sent { get; } = new(0);

    /// <summary>Whether a script waits for its answer.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (_gate)
            {
                return _inFlight.Count > 0;
            }
        }
    }

    /// <summary>From now on scripts wait for <see cref="Answer"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _isHeld = true;
        }
    }

    /// <summary>Answers all scripts in flight, and those sent because of it, until none is left.</summary>
    /// <param name="until">Ends the wait. The limit is against a hang only: thousands of calls take seconds of
    /// processor time, and other tests run beside them.</param>
    public async Task AnswerAllAsync(Task until)
    {
        lock (_gate)
        {
            _isHeld = false;
        }

        Answer();
        await until.WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>Answers the scripts in flight, or lets them fail.</summary>
    public void Answer(Exception? failure = null)
    {
        Action<Exception?>[] answers;
        lock (_gate)
        {
            answers = [.. _inFlight];
            _inFlight.Clear();
        }

        foreach (var answer in answers)
        {
            answer(failure);
        }
    }

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(params SubjectId[] subjects) =>
        ReadAsync(CancellationToken.None, subjects);

    public Task<IReadOnlyList<StoredEntry>> ReadAsync(CancellationToken cancellationToken, params SubjectId[] subjects)
    {
        Mirror.Track(subjects);
        return Mirror.ReadAsync(subjects, null, cancellationToken);
    }

    public Task WriteAsync(SubjectId subject, string availability) =>
        Store.ApplyAsync(
            [new Observation(subject, availability, availability, null, ++_now, ObservationSource.Poll)],
            CancellationToken.None
        );

    /// <summary>Lists all that is tracked, as the follower does.</summary>
    public async Task FollowAsync()
    {
        for (var i = 0; i < Mirror.Partitions.Count; i++)
        {
            var tracked = Mirror.Partitions[i].Tracked;
            Mirror
                .Partitions[i]
                .Relist(tracked, await Store.ReadAsync(i, tracked, CancellationToken.None), staleBefore: 0);
        }

        Scripts.Clear();
    }

    public void Dispose()
    {
        Sent.Dispose();
        _metrics.Dispose();
    }

    private Task<RedisResult> EvaluateAsync(RedisKey[] keys, RedisValue[] arguments)
    {
        lock (_gate)
        {
            Sent.Release();
            Scripts.Add([.. keys[1..].Select(ReferenceServer.SubjectOf)]);
            var result = _server.Evaluate(keys, arguments);
            if (!_isHeld)
            {
                return Task.FromResult(result);
            }

            var answered = new TaskCompletionSource<RedisResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            _inFlight.Enqueue(failure =>
                _ = failure is null ? answered.TrySetResult(result) : answered.TrySetException(failure)
            );
            return answered.Task;
        }
    }
}
