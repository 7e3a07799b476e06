using System.Globalization;
using Microsoft.Extensions.Options;
using PresenceHub.Contracts;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The presence of every watched subject, in Redis. All nodes share it; the scripts decide every order.</summary>
/// <remarks>Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be reached.</remarks>
internal sealed class PresenceStore(IConnectionMultiplexer redis, StoreKeys keys, StoreChannels channels, StoreClock clock, IOptions<StoreOptions> options)
{
    /// <summary>A script holds up the server while it runs: 200 observations take well under a millisecond or two.</summary>
    internal const int MaxSubjectsPerScript = 200;

    private const int HeaderLength = 3;

    /// <summary>
    /// An entry is announced as confirmed again somewhat before it counts as stale: nodes know the store's clock only to within
    /// this much, and one that has just called an entry stale must not miss the confirmation.
    /// </summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Anybody can ask for ids that nobody has. While somebody watches such an id it is read again and again, and so is its entry kept;
    /// for one that was asked for once this is enough.
    /// </summary>
    private const int UnknownLifetimeInStalePeriods = 4;

    private readonly RedisValue _entryLifetime = (long)options.Value.EntryLifetime.TotalMilliseconds;
    private readonly RedisValue _unknownLifetime =
        (long)Math.Min(options.Value.EntryLifetime.TotalMilliseconds, (UnknownLifetimeInStalePeriods * options.Value.StaleAfter).TotalMilliseconds);
    private readonly RedisValue _confirmAfter = Math.Max(0, StoreTime.FromTimeSpan(options.Value.StaleAfter - ClockTolerance));

    /// <summary>Orders the observations and announces what changed. Idempotent. Outcomes come in the order of the observations.</summary>
    public async Task<ApplyOutcome[]> ApplyAsync(IReadOnlyList<Observation> observations, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!clock.IsSet)
        {
            await ReadAsync(0, [], cancellationToken);
        }

        var outcomes = new ApplyOutcome[observations.Count];
        var batches = Enumerable.Range(0, observations.Count)
            .GroupBy(index => keys.PartitionOf(observations[index].Subject))
            .SelectMany(partition => partition.Chunk(MaxSubjectsPerScript), (partition, indexes) => ApplyAsync(partition.Key, observations, indexes, outcomes))
            .ToArray();
        await Task.WhenAll(batches).WaitAsync(cancellationToken);
        return outcomes;
    }

    /// <summary>Reads subjects of one partition; with none it reads the position alone.</summary>
    public async Task<PartitionSnapshot> ReadAsync(int partition, IReadOnlyList<SubjectId> subjects, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (subjects.Count <= MaxSubjectsPerScript)
        {
            return await ReadOnceAsync(partition, subjects).WaitAsync(cancellationToken);
        }

        var chunks = await Task.WhenAll(subjects.Chunk(MaxSubjectsPerScript).Select(chunk => ReadOnceAsync(partition, chunk))).WaitAsync(cancellationToken);

        // The earliest position is the one that all parts have reached; what was announced after it is announced to the reader too.
        var earliest = chunks.Select(chunk => chunk.Position).MinBy(position => (position.Epoch, position.Offset));
        return new PartitionSnapshot(earliest, [.. chunks.SelectMany(chunk => chunk.Entries)]);
    }

    private async Task ApplyAsync(int partition, IReadOnlyList<Observation> observations, int[] indexes, ApplyOutcome[] outcomes)
    {
        var scriptKeys = new RedisKey[1 + indexes.Length];
        var arguments = new List<RedisValue>(7 + (indexes.Length * 6))
        {
            clock.LatestOf(partition), clock.LatestEpochOf(partition), keys.Changes(partition), _entryLifetime, _unknownLifetime, _confirmAfter, channels.PublishCommand,
        };
        scriptKeys[0] = keys.Meta(partition);

        // What was taken down before the store's time was known may be minutes ahead of it, and would keep out every reading until then.
        var now = clock.Now;
        for (var i = 0; i < indexes.Length; i++)
        {
            var observation = observations[indexes[i]];
            scriptKeys[i + 1] = keys.Subject(partition, observation.Subject);
            arguments.AddRange([
                observation.Subject.ToString(), observation.Availability, observation.Activity, observation.SequenceNumber ?? string.Empty,
                Math.Min(observation.BegunAt, now), observation.Source is ObservationSource.Poll ? "poll" : "notification",
            ]);
        }

        var result = await EvaluateAsync(StoreScript.Apply, scriptKeys, [.. arguments]);
        ReadPosition(partition, result);
        for (var i = 0; i < indexes.Length; i++)
        {
            outcomes[indexes[i]] = (ApplyOutcome)(int)result[HeaderLength + i];
        }
    }

    private async Task<PartitionSnapshot> ReadOnceAsync(int partition, IReadOnlyList<SubjectId> subjects)
    {
        var scriptKeys = new RedisKey[1 + subjects.Count];
        scriptKeys[0] = keys.Meta(partition);
        for (var i = 0; i < subjects.Count; i++)
        {
            scriptKeys[i + 1] = keys.Subject(partition, subjects[i]);
        }

        var result = await EvaluateAsync(StoreScript.Read, scriptKeys, [clock.LatestOf(partition), clock.LatestEpochOf(partition)]);
        var position = ReadPosition(partition, result);
        var entries = new StoredEntry?[subjects.Count];
        for (var i = 0; i < subjects.Count; i++)
        {
            if ((string?)result[HeaderLength + i] is { } fields && !StoredEntry.TryParse(subjects[i], position.Epoch, fields, out entries[i]))
            {
                throw new RedisException(string.Create(CultureInfo.InvariantCulture, $"The store holds an entry in partition {partition} that this version cannot read"));
            }
        }

        return new PartitionSnapshot(position, entries);
    }

    private async Task<RedisResult[]> EvaluateAsync(StoreScript script, RedisKey[] scriptKeys, RedisValue[] arguments)
    {
        try
        {
            return await script.EvaluateAsync(redis.GetDatabase(), scriptKeys, arguments);
        }
        catch (RedisServerException exception) when (exception.Kind is RedisErrorKind.ReadOnly)
        {
            // A server that was made a replica while connections to it were open refuses what is written, and the library goes on taking it
            // for the master until it looks at the servers' roles the next time.
            await redis.ConfigureAsync();
            throw;
        }
    }

    private PartitionPosition ReadPosition(int partition, RedisResult[] result)
    {
        var position = new PartitionPosition((long)result[0], (long)result[1], (long)result[2]);
        clock.Advance(partition, position.Epoch, position.Clock);
        return position;
    }
}
