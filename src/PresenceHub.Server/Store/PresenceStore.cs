using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The presence of every watched subject, in Redis. All nodes share it; the scripts decide every
/// order.</summary>
/// <remarks>Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be
/// reached.</remarks>
internal sealed class PresenceStore
{
    /// <summary>A script holds up the server while it runs: 200 observations take well under a millisecond or
    /// two.</summary>
    internal const int MaxSubjectsPerScript = 200;

    private const int HeaderLength = 4;
    private const int MaxScriptsAtOnce = 4;

    /// <summary>
    /// An entry is announced as confirmed again somewhat before it counts as stale: nodes know the store's clock only
    /// to within this much, and one that has just called an entry stale must not miss the confirmation.
    /// </summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Clients can ask for ids that no person has. A watched id is read again and again, which keeps its entry. For an
    /// id that was asked for once, this lifetime is enough.
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
    /// Orders the observations and announces what changed. Idempotent. Outcomes come in the order of the
    /// observations. Partitions fail by themselves (<see cref="ApplyOutcome.Unavailable"/>); the call fails when all
    /// of its partitions do.
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

    /// <summary>Reads subjects of one partition; with none it reads the position alone.</summary>
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

        // A few at a time: what else goes over this connection waits behind them.
        var chunks = new List<PartitionSnapshot>();
        foreach (var few in subjects.Chunk(MaxSubjectsPerScript).Chunk(MaxScriptsAtOnce))
        {
            chunks.AddRange(
                await Task.WhenAll(few.Select(chunk => ReadOnceAsync(partition, chunk))).WaitAsync(cancellationToken)
            );
        }

        // The earliest position is the one that all parts have reached; what was announced after it is announced to the
        // reader too.
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

    /// <summary>Runs a script and records what its answer says of the store's time.</summary>
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
            // A server that was made a replica while connections to it were open refuses what is written, and the
            // library goes on taking it for the master until it looks at the servers' roles the next time.
            await _redis.ConfigureAsync();
            throw;
        }
    }
}
