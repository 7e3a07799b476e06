using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// The interest of all nodes, as data: each node keeps the subjects that it watches in a Redis set, which expires after
/// the node dies. Ingest reads the union.
/// </summary>
internal sealed class InterestLeases(
    [FromKeyedServices(ControlConnection.Key)] IConnectionMultiplexer redis,
    InterestKeys keys,
    RefreshRequests refreshes,
    NodeId node,
    IOptions<WatchListOptions> options,
    TimeProvider time,
    ILogger<InterestLeases> logger
) : BackgroundService, IInterestObserver
{
    private const int MaxSubjectsPerCommand = 1000;

    /// <summary>
    /// The largest number of pending changes, some 4 MB. Clients can watch and unwatch any number of ids while Redis
    /// does not answer. Beyond this number, all watched subjects are written instead.
    /// </summary>
    internal const int MaxChanges = 65_536;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>How long changes gather before they are written together.</summary>
    private static readonly TimeSpan CoalescingDelay = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time = ControlTime.Of(time);
    private readonly LogLimit _notWrittenLimit = new(time);
    private readonly Lock _gate = new();
    private readonly HashSet<SubjectId> _watched = [];
    private readonly WorkSignal _signal = new();
    private Dictionary<SubjectId, bool> _changes = [];
    private bool _mustRewrite = true;

    /// <summary>The number of pending changes.</summary>
    internal int PendingChanges
    {
        get
        {
            lock (_gate)
            {
                return _changes.Count;
            }
        }
    }

    public void Added(IReadOnlyList<SubjectId> subjects)
    {
        // A call that fails leaves no lease behind.
    }

    public void Announced(IReadOnlyList<SubjectId> subjects) => Record(subjects, isWatched: true);

    public void Removed(IReadOnlyList<SubjectId> subjects) => Record(subjects, isWatched: false);

    /// <summary>All subjects that any living node watches.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task<IReadOnlySet<SubjectId>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var database = redis.GetDatabase();
        var union = new HashSet<SubjectId>();
        foreach (var nodeId in await database.SetMembersAsync(keys.Nodes).WaitAsync(cancellationToken))
        {
            var subjects = await database.SetMembersAsync(keys.Node(nodeId!)).WaitAsync(cancellationToken);
            if (subjects.Length is 0)
            {
                // The node is dead or watches no subject. A living node that starts to watch adds itself again.
                await database.SetRemoveAsync(keys.Nodes, nodeId).WaitAsync(cancellationToken);
                if (await database.KeyExistsAsync(keys.Node(nodeId!)).WaitAsync(cancellationToken))
                {
                    // The node has started to watch meanwhile. A node writes its subjects before its id, so one that
                    // starts later than this adds its id again.
                    await database.SetAddAsync(keys.Nodes, nodeId).WaitAsync(cancellationToken);
                }
            }
            else
            {
                // The subjects of a node that died before it set the expiry would otherwise never expire.
                await database
                    .KeyExpireAsync(keys.Node(nodeId!), options.Value.LeaseLifetime, ExpireWhen.HasNoExpiry)
                    .WaitAsync(cancellationToken);
            }

            union.UnionWith(subjects.SelectMany(value => SubjectBytes.ReadAll((byte[])value!)));
        }

        return union;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await redis.GetDatabase().KeyDeleteAsync(keys.Node(node.Value)).WaitAsync(cancellationToken);
        }
        catch (Exception exception)
            when (exception
                    is RedisException
                        or TimeoutException
                        or ObjectDisposedException
                        or OperationCanceledException
            )
        {
            logger.InterestNotReleased(exception.Message);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        ControlThread.RunAsync("presencehub interest", () => RenewAsync(stoppingToken));

    private async Task RenewAsync(CancellationToken stoppingToken)
    {
        var period = options.Value.LeaseLifetime / 3;
        using var renewal = _time.CreateTimer(_ => _signal.Set(), null, period, period);
        _signal.Set();
        while (true)
        {
            await _signal.WaitAsync(stoppingToken);
            await Task.Delay(CoalescingDelay, _time, stoppingToken);
            _signal.Reset();
            try
            {
                await WriteOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (_notWrittenLimit.TryTake())
                {
                    logger.InterestNotWritten(exception.Message);
                }

                _signal.Set();
                await Task.Delay(RetryDelay, _time, stoppingToken);
            }
        }
    }

    internal async Task WriteOnceAsync(CancellationToken cancellationToken)
    {
        var key = keys.Node(node.Value);
        var database = redis.GetDatabase();
        var (added, removed, rewrite, watching) = TakeChanges();
        try
        {
            if (rewrite)
            {
                // The key is not deleted, because a reader would find no watched subjects meanwhile.
                var held = await database.SetMembersAsync(key).AnsweredAsync(_time, cancellationToken);
                removed = [.. held.SelectMany(value => SubjectBytes.ReadAll((byte[])value!)).Except(added)];
            }

            foreach (var chunk in removed.Chunk(MaxSubjectsPerCommand))
            {
                await database
                    .SetRemoveAsync(key, [.. chunk.Select(subject => (RedisValue)SubjectBytes.Write(subject))])
                    .AnsweredAsync(_time, cancellationToken);
            }

            foreach (var chunk in added.Chunk(MaxSubjectsPerCommand))
            {
                await database
                    .SetAddAsync(key, [.. chunk.Select(subject => (RedisValue)SubjectBytes.Write(subject))])
                    .AnsweredAsync(_time, cancellationToken);
            }

            var lives = await database
                .KeyExpireAsync(key, options.Value.LeaseLifetime)
                .AnsweredAsync(_time, cancellationToken);
            if (watching)
            {
                await database.SetAddAsync(keys.Nodes, node.Value).AnsweredAsync(_time, cancellationToken);
            }

            await refreshes.PublishWatchedAsync(added);
            if (watching && !lives)
            {
                // The key expired, or the server lost it.
                RewriteNext();
            }
        }
        catch
        {
            RewriteNext();
            throw;
        }
    }

    private void Record(IReadOnlyList<SubjectId> subjects, bool isWatched)
    {
        lock (_gate)
        {
            var hasChanged = false;
            foreach (var subject in subjects)
            {
                // A subject that was never announced has no lease to end.
                if (isWatched ? _watched.Add(subject) : _watched.Remove(subject))
                {
                    RecordChange(subject, isWatched);
                    hasChanged = true;
                }
            }

            if (!hasChanged)
            {
                return;
            }
        }

        _signal.Set();
    }

    private void RecordChange(SubjectId subject, bool isWatched)
    {
        if (_mustRewrite)
        {
            return;
        }

        _changes[subject] = isWatched;
        if (_changes.Count > MaxChanges)
        {
            (_changes, _mustRewrite) = ([], true);
        }
    }

    private void RewriteNext()
    {
        lock (_gate)
        {
            (_changes, _mustRewrite) = ([], true);
        }

        _signal.Set();
    }

    private (SubjectId[] Added, SubjectId[] Removed, bool Rewrite, bool Watching) TakeChanges()
    {
        lock (_gate)
        {
            var (changes, rewrite) = (_changes, _mustRewrite);
            (_changes, _mustRewrite) = ([], false);
            SubjectId[] added = rewrite
                ? [.. _watched]
                : [.. changes.Where(change => change.Value).Select(change => change.Key)];
            SubjectId[] removed = rewrite
                ? []
                : [.. changes.Where(change => !change.Value).Select(change => change.Key)];
            return (added, removed, rewrite, _watched.Count > 0);
        }
    }
}
