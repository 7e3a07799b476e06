using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>Whether the server that Redis:ConnectionString names can hold the store, and holds none of another layout.</summary>
internal sealed class StoreLayout(IConnectionMultiplexer redis, StoreKeys keys, PresenceStore store) : IHostedService
{
    /// <summary>Refuses the start. A server that is away is looked at when it comes, by <see cref="MirrorFollower"/>.</summary>
    /// <exception cref="OptionsValidationException">The server is there and will not do.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await FindProblemAsync(cancellationToken) is { } problem)
            {
                throw new OptionsValidationException(StoreOptions.SectionName, typeof(StoreOptions), [problem]);
            }
        }
        catch (Exception exception) when (exception is RedisConnectionException or TimeoutException)
        {
            // Away: the server starts, is not ready, and says why.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is wrong with the server, in words for the operator; null when nothing is.</summary>
    /// <exception cref="RedisConnectionException">The server cannot be reached.</exception>
    public async Task<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = redis.GetDatabase();
            await database.StringSetAsync(keys.Layout, keys.Partitions, when: When.NotExists).WaitAsync(cancellationToken);
            var held = (int)await database.StringGetAsync(keys.Layout, CommandFlags.DemandMaster).WaitAsync(cancellationToken);
            if (held != keys.Partitions)
            {
                return string.Create(CultureInfo.InvariantCulture,
                    $"Store:Partitions is {keys.Partitions}, but the data at Redis:ConnectionString is laid out in {held} partitions; set it to that, or Redis:KeyPrefix to another one");
            }

            await store.ReadAsync(0, [], cancellationToken);
            return null;
        }
        catch (RedisServerException exception)
        {
            return $"Redis:ConnectionString names a server that cannot hold the store: {exception.Message}";
        }
    }
}
