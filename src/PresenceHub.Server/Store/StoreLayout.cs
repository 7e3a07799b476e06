using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>Checks that the server can hold the store, and holds no data of another layout.</summary>
internal sealed class StoreLayout(
    IConnectionMultiplexer redis,
    StoreKeys keys,
    StoreChannels channels,
    PresenceStore store
)
{
    private readonly string _setting = keys.ConnectionSetting;

    /// <summary>The commands of the scripts, of the Redis library and of Data Protection.</summary>
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

    /// <summary>Checks the server before the start. <see cref="MirrorFollower"/> waits for a server that is away or not
    /// ready.</summary>
    /// <exception cref="OptionsValidationException">The server answers and can never hold the store.</exception>
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
            // The hub starts. It is not ready and reports why.
        }
    }

    /// <summary>Why the hub cannot use the server at present, in words for the operator; null when it can.</summary>
    public async Task<string?> FindObstacleAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await FindProblemAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await LookForMasterAsync(exception, cancellationToken);
            return StoreFailure.Of(exception, _setting);
        }
    }

    /// <inheritdoc cref="StoreFailure.Of"/>
    public string Describe(Exception exception) => StoreFailure.Of(exception, _setting);

    /// <summary>What is wrong with the server, in words for the operator; null when nothing is.</summary>
    /// <exception cref="RedisException">The server cannot be reached, or is not ready.</exception>
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
            // Redis does not name the command: it is the only command of the scripts that is not tried on its own.
            return $"{_setting}: Redis refuses the command INFO to the user of this connection ({exception.Message})";
        }
        catch (RedisServerException exception) when (!IsPassing(exception.Kind))
        {
            return $"{_setting} names a server that cannot hold the store: {exception.Message}";
        }
        catch (RedisCommandException exception)
        {
            // The library knows that the server lacks the command, and does not send it.
            return $"{_setting} names a server that cannot hold the store: {exception.Message}";
        }
    }

    /// <summary>The problem with the permissions of the connection's user; null when there is none.</summary>
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
                // A trial can fail for other reasons, since it has no effect, and on a cluster its server may be the
                // only one that is away. The following steps find the problems of the other servers.
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

    /// <summary>The first command that the server lacks: its version differs, or the command is disabled or
    /// renamed.</summary>
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
            // The server does not list its commands. The following steps try the most important ones.
            return null;
        }
    }

    /// <summary>Whether an error describes a temporary state: a failover, a start, or a full memory or disk.</summary>
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

    /// <summary>Looks for the new master after a failover, as <see cref="PresenceStore"/> does for its own
    /// connections.</summary>
    private async Task LookForMasterAsync(Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not RedisServerException { Kind: RedisErrorKind.ReadOnly })
        {
            return;
        }

        try
        {
            await redis.ConfigureAsync().WaitAsync(cancellationToken);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            // The next attempt finds the same obstacle and looks again.
        }
    }
}
