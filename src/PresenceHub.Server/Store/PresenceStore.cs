using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The presence of every watched subject in Redis. All nodes share it; the scripts decide the order of
/// changes.</summary>
/// <remarks>Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be
/// reached.</remarks>
internal sealed class PresenceStore
{
    /// <summary>The server runs nothing else during a script. 200 observations take less than two
    /// milliseconds.</summary>
    internal const int MaxSubjectsPerScript = 200;

    private const int HeaderLength = 4;
    private const int MaxScriptsAtOnce = 4;

    /// <summary>
    /// How long before it counts as stale an entry is announced when it is confirmed. Nodes know the store's clock only
    /// with this accuracy, and a node that has just marked an entry as stale must not miss the confirmation.
    /// </summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The lifetime of the entry of an id that Graph does not know. Clients can make up such ids. A watched id is read
    /// periodically, which extends the life of its entry.
    /// </summary>
    private const int UnknownLifetimeInStalePeriods = 4;

    private readonly IConnectionMultiplexer _redis;
    private readonly StoreKeys _keys;
    private readonly StoreChannels _channels;
    private readonly StoreClock _clock;
    private readonly UnreadableEntries? _unreadable;
    private readonly ApplyPump[] _pumps;
    private readonly RedisValue _entryLifetime;
    private readonly RedisValue _unknownLifetime;
    private readonly RedisValue _confirmAfter;

    /// <inheritdoc cref="StoreFailure.Of"/>
    public string Describe(Exception exception) => StoreFailure.Of(exception, _keys.ConnectionSetting);

    public PresenceStore(
        IConnectionMultiplexer redis,
        StoreKeys keys,
        StoreChannels channels,
        StoreClock clock,
        IOptions<StoreOptions> options,
        UnreadableEntries? unreadable = null
    )
    {
        (_redis, _keys, _channels, _clock, _unreadable) = (redis, keys, channels, clock, unreadable);
        _pumps =
        [
            .. Enumerable
                .Range(0, keys.Partitions)
                .Select(partition => new ApplyPump(observations => ApplyOnceAsync(partition, observations))),
        ];
        var (lifetime, staleAfter) = (options.Value.EntryLifetime, options.Value.StaleAfter);
        _entryLifetime = (long)lifetime.TotalMilliseconds;
        _unknownLifetime = (long)
            Math.Min(lifetime.TotalMilliseconds, (UnknownLifetimeInStalePeriods * staleAfter).TotalMilliseconds);
        _confirmAfter = Math.Max(0, StoreTime.FromTimeSpan(staleAfter - ClockTolerance));
    }

    /// <summary>
    /// Orders the observations and announces the changes. Idempotent. The outcomes are in the order of the
    /// observations. Partitions fail one by one (<see cref="ApplyOutcome.Unavailable"/>); the call fails if all of its
    /// partitions do.
    /// </summary>
    public async Task<ApplyOutcome[]> ApplyAsync(
        IReadOnlyList<Observation> observations,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_clock.IsSet && observations is [var first, ..])
        {
            await ReadAsync(_keys.PartitionOf(first.Subject), [], cancellationToken);
        }

        var tickets = new (PendingApply Pending, int Index)[observations.Count];
        for (var i = 0; i < tickets.Length; i++)
        {
            tickets[i].Pending = _pumps[_keys.PartitionOf(observations[i].Subject)]
                .Add(observations[i], out tickets[i].Index);
        }

        if (observations.Count is 1)
        {
            _pumps[_keys.PartitionOf(observations[0].Subject)].Send();
        }
        else
        {
            Array.ForEach(_pumps, pump => pump.Send());
        }

        var outcomes = new ApplyOutcome[tickets.Length];
        Exception? failure = null;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var (pending, index) = tickets[i];
            if (!pending.Outcomes.IsCompleted)
            {
                const ConfigureAwaitOptions Quietly =
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
                await ((Task)pending.Outcomes).WaitAsync(cancellationToken).ConfigureAwait(Quietly);
            }

            if (!pending.Outcomes.IsCompleted)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (pending.Outcomes.IsCompletedSuccessfully)
            {
                outcomes[i] = pending.Outcomes.Result[index];
            }
            else
            {
                failure ??= pending.Outcomes.Exception!.InnerException;
            }
        }

        if (failure is not null && Array.TrueForAll(outcomes, outcome => outcome is ApplyOutcome.Unavailable))
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return outcomes;
    }

    /// <summary>Reads subjects of one partition. Without subjects it reads only the position.</summary>
    public async Task<PartitionSnapshot> ReadAsync(
        int partition,
        IReadOnlyList<SubjectId> subjects,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (subjects.Count <= MaxSubjectsPerScript)
        {
            return await ReadOnceAsync(partition, subjects).WaitAsync(cancellationToken);
        }

        // In parts, because other commands on this connection wait behind them.
        var chunks = new List<PartitionSnapshot>();
        foreach (var few in subjects.Chunk(MaxSubjectsPerScript).Chunk(MaxScriptsAtOnce))
        {
            chunks.AddRange(
                await Task.WhenAll(few.Select(chunk => ReadOnceAsync(partition, chunk))).WaitAsync(cancellationToken)
            );
        }

        // All parts include the earliest position. Changes after it are announced to the reader.
        var earliest = chunks.Select(chunk => chunk.Position).MinBy(position => (position.Epoch, position.Offset));
        return new PartitionSnapshot(
            earliest,
            [.. chunks.SelectMany(chunk => chunk.Entries)],
            chunks.Min(chunk => chunk.Time)
        );
    }

    private async Task<ApplyOutcome[]> ApplyOnceAsync(int partition, List<Observation> observations)
    {
        const int ArgumentsBefore = 7,
            ArgumentsEach = 6;
        var scriptKeys = new RedisKey[1 + observations.Count];
        var arguments = new RedisValue[ArgumentsBefore + (observations.Count * ArgumentsEach)];
        scriptKeys[0] = _keys.Meta(partition);
        (arguments[0], arguments[1], arguments[2]) = (
            _clock.LatestOf(partition),
            _clock.LatestEpochOf(partition),
            _keys.Changes(partition)
        );
        (arguments[3], arguments[4], arguments[5], arguments[6]) = (
            _entryLifetime,
            _unknownLifetime,
            _confirmAfter,
            _channels.PublishCommand
        );

        for (var i = 0; i < observations.Count; i++)
        {
            var observation = observations[i];
            scriptKeys[i + 1] = _keys.Subject(partition, observation.Subject);
            var own = arguments.AsSpan(ArgumentsBefore + (i * ArgumentsEach), ArgumentsEach);
            (own[0], own[1], own[2]) = (observation.Subject.ToString(), observation.Availability, observation.Activity);
            (own[3], own[4]) = (
                observation.SequenceNumber ?? string.Empty,
                _clock.ToTimeOf(partition, observation.BegunAt)
            );
            own[5] = observation.Source is ObservationSource.Poll ? "poll" : "notification";
        }

        var (result, _, _) = await EvaluateAsync(StoreScript.Apply, partition, scriptKeys, arguments);
        var outcomes = new ApplyOutcome[observations.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            outcomes[i] = (ApplyOutcome)(int)result[HeaderLength + i];
        }

        return outcomes;
    }

    private async Task<PartitionSnapshot> ReadOnceAsync(int partition, IReadOnlyList<SubjectId> subjects)
    {
        var scriptKeys = new RedisKey[1 + subjects.Count];
        scriptKeys[0] = _keys.Meta(partition);
        for (var i = 0; i < subjects.Count; i++)
        {
            scriptKeys[i + 1] = _keys.Subject(partition, subjects[i]);
        }

        RedisValue[] arguments = [_clock.LatestOf(partition), _clock.LatestEpochOf(partition)];
        var (result, position, time) = await EvaluateAsync(StoreScript.Read, partition, scriptKeys, arguments);
        var entries = new StoredEntry?[subjects.Count];
        var unreadable = 0;
        for (var i = 0; i < subjects.Count; i++)
        {
            if (
                (string?)result[HeaderLength + i] is { } fields
                && !StoredEntry.TryParse(subjects[i], position.Epoch, fields, out entries[i])
            )
            {
                unreadable++;
            }
        }

        if (unreadable > 0)
        {
            _unreadable?.Report(partition, unreadable);
        }

        return new PartitionSnapshot(position, entries, time);
    }

    /// <summary>Runs a script and records the store's time from its answer.</summary>
    private async Task<(RedisResult[] Answer, PartitionPosition Position, long Time)> EvaluateAsync(
        StoreScript script,
        int partition,
        RedisKey[] scriptKeys,
        RedisValue[] arguments
    )
    {
        var sentAt = _clock.Timestamp;
        var answer = await EvaluateAsync(script, scriptKeys, arguments);
        var position = new PartitionPosition((long)answer[0], (long)answer[1], (long)answer[2]);
        var time = (long)answer[3];
        _clock.Advance(partition, position.Epoch, position.Clock);
        _clock.Measure(partition, time, sentAt);
        return (answer, position, time);
    }

    private async Task<RedisResult[]> EvaluateAsync(StoreScript script, RedisKey[] scriptKeys, RedisValue[] arguments)
    {
        try
        {
            return await script.EvaluateAsync(_redis.GetDatabase(), scriptKeys, arguments);
        }
        catch (RedisServerException exception) when (exception.Kind is RedisErrorKind.ReadOnly)
        {
            // A server that has become a replica refuses writes. The library treats it as the master until it reads the
            // roles of the servers again.
            await _redis.ConfigureAsync();
            throw;
        }
    }
}
