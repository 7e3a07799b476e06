using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>Whether the server that the hub is connected to can hold the store, and holds none of another
/// layout.</summary>
internal sealed class StoreLayout(
    IConnectionMultiplexer redis,
    StoreKeys keys,
    StoreChannels channels,
    PresenceStore store
)
{
    private readonly string _setting = keys.ConnectionSetting;

    /// <summary>What the scripts call, and what the Redis library and Data Protection send for the hub.</summary>
    private static readonly string[] Commands =
    [
        "GET",
        "SET",
        "SETNX",
        "DEL",
        "EXISTS",
        "EXPIRE",
        "PEXPIRE",
        "HMGET",
        "HSET",
        "HGETALL",
        "HDEL",
        "SADD",
        "SREM",
        "SMEMBERS",
        "RPUSH",
        "LRANGE",
        "WATCH",
        "MULTI",
        "EXEC",
        "EVAL",
        "EVALSHA",
        "INFO",
        "TIME",
        "SUBSCRIBE",
        "PUBLISH",
    ];

    private static readonly string[] ClusterCommands = [.. Commands, "SSUBSCRIBE", "SPUBLISH"];

    /// <summary>Before the start. A server that is away, or not able at the moment, is looked at until it is, by
    /// <see cref="MirrorFollower"/>.</summary>
    /// <exception cref="OptionsValidationException">The server is there and will never do.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await FindProblemAsync(cancellationToken) is { } problem)
            {
                throw new OptionsValidationException(string.Empty, typeof(StoreLayout), [problem]);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The server starts, is not ready, and says why.
        }
    }

    /// <inheritdoc cref="StoreFailure.Of"/>
    public string Describe(Exception exception) => StoreFailure.Of(exception, _setting);

    /// <summary>What is wrong with the server, in words for the operator; null when nothing is.</summary>
    /// <exception cref="RedisException">The server cannot be reached, or says that it cannot answer at the
    /// moment.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = redis.GetDatabase();
            if (database.Database > 0 && channels.IsCluster)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_setting} selects database {database.Database}, but a Redis Cluster has database 0 alone; to share it, set another Redis:KeyPrefix"
                );
            }

            if (await FindRefusalAsync(database, cancellationToken) is { } refusal)
            {
                return refusal;
            }

            if (await FindMissingCommandAsync(database, cancellationToken) is { } command)
            {
                return $"{_setting} names a server without the command {command}";
            }

            await database
                .StringSetAsync(keys.Layout, keys.Partitions, when: When.NotExists)
                .WaitAsync(cancellationToken);
            var held = await database
                .StringGetAsync(keys.Layout, CommandFlags.DemandMaster)
                .WaitAsync(cancellationToken);
            if (held != (RedisValue)keys.Partitions)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Store:Partitions is {keys.Partitions}, but the data at {_setting} is laid out in {held} partitions; set it to that, or Redis:KeyPrefix to another one"
                );
            }

            await ReadAnyAsync(cancellationToken);
            return null;
        }
        catch (RedisServerException exception)
            when (exception.Message.Contains("user executing the script", StringComparison.Ordinal))
        {
            // Redis does not say which: it is the only one of the scripts' commands that was not tried by itself.
            return $"{_setting}: Redis refuses the command INFO to the user of this connection ({exception.Message})";
        }
        catch (RedisServerException exception) when (!IsPassing(exception.Kind))
        {
            return $"{_setting} names a server that cannot hold the store: {exception.Message}";
        }
        catch (RedisCommandException exception)
        {
            // The library knows what the server has, and does not ask it.
            return $"{_setting} names a server that cannot hold the store: {exception.Message}";
        }
    }

    /// <summary>What the user of the connection may not do.</summary>
    private async Task<string?> FindRefusalAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var trials = StoreTrial.All(keys, channels).ToArray();
        var answers = Array.ConvertAll(trials, trial => database.ExecuteAsync(trial.Command, trial.Arguments));
        foreach (var (trial, answer) in trials.Zip(answers))
        {
            try
            {
                await answer.WaitAsync(cancellationToken);
            }
            catch (RedisServerException exception) when (exception.Kind is RedisErrorKind.NoPermission)
            {
                return $"{_setting}: Redis refuses {trial.NameOfRefused(exception.Message)} to the user of this connection ({exception.Message}); "
                    + "docs/operations.md has the rights that the hub needs";
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // A trial fails for other reasons too, since it has no effect, and on a cluster its server may be the
                // only one that is away. What ails the others is found by what follows.
            }
        }

        return null;
    }

    /// <summary>Reads a position. On a cluster the server of one partition may be away while others answer.</summary>
    private async Task ReadAnyAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        var reads = Enumerable.Range(0, keys.Partitions).Select(index => store.ReadAsync(index, [], cancellationToken));
        await foreach (var read in Task.WhenEach(reads))
        {
            try
            {
                await read;
                return;
            }
            catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
            {
                failure ??= exception;
            }
        }

        ExceptionDispatchInfo.Throw(failure!);
    }

    /// <summary>The first command that the server does not have: it is of another version, or the command was taken
    /// away or renamed.</summary>
    private async Task<string?> FindMissingCommandAsync(IDatabase database, CancellationToken cancellationToken)
    {
        var needed = channels.IsCluster ? ClusterCommands : Commands;
        try
        {
            var known = (RedisResult[])
                (await database.ExecuteAsync("COMMAND", ["INFO", .. needed]).WaitAsync(cancellationToken))!;
            return needed.Where((_, i) => known[i].IsNull).FirstOrDefault();
        }
        catch (RedisServerException exception)
            when (exception.Kind is RedisErrorKind.NoPermission or RedisErrorKind.UnknownCommand)
        {
            // It does not tell; what follows shows whether it has the most important ones.
            return null;
        }
    }

    /// <summary>What a server says of a state that it leaves by itself or by an operator's hand: a failover, a start, a
    /// full memory or disk.</summary>
    internal static bool IsPassing(RedisErrorKind kind) =>
        kind
            is RedisErrorKind.ClusterDown
                or RedisErrorKind.MasterDown
                or RedisErrorKind.Loading
                or RedisErrorKind.TryAgain
                or RedisErrorKind.ReadOnly
                or RedisErrorKind.Moved
                or RedisErrorKind.Ask
                or RedisErrorKind.UnknownRedirectTarget
                or RedisErrorKind.NoReplicas
                or RedisErrorKind.Busy
                or RedisErrorKind.MaxClients
                or RedisErrorKind.OutOfMemory
                or RedisErrorKind.Misconfigured;
}
