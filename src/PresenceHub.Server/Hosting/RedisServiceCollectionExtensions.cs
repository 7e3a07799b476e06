using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

internal static class RedisServiceCollectionExtensions
{
    /// <summary>
    /// The process' two connections: one for what clients and Graph bring, one for leases, positions and probes. They are made in the
    /// background: a server that is away at start is found when it comes.
    /// </summary>
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        UseOwnThreads();
        services.AddOptionsWithValidateOnStart<RedisOptions, RedisOptionsValidator>().BindConfiguration(RedisOptions.SectionName);
        services.AddSingleton<IConnectionMultiplexer>(Connect);
        services.AddKeyedSingleton<IConnectionMultiplexer>(ControlConnection.Key, (provider, _) => Connect(provider));
        services.AddOptions<StoreOptions>().PostConfigure<IOptions<RedisOptions>>((store, redis) => store.KeyPrefix = redis.Value.KeyPrefix);
        services.AddOptions<WatchListOptions>().PostConfigure<IOptions<RedisOptions>>((lists, redis) => lists.KeyPrefix = redis.Value.KeyPrefix);
        return services;
    }

    /// <summary>
    /// A call that was not answered in time is found by comparing the time since it was written with the timeout. When the threads of the pool
    /// write and read, "written" is before a thread was free to send it, and an answer that has arrived counts only once a thread was free to
    /// look at it: a busy node would take its own queue for a dead Redis. The library's own threads cost two a connection, and the setting is
    /// one for the process (https://seredis.dev/SyncOverAsync).
    /// </summary>
    internal static void UseOwnThreads() => ConnectionMultiplexer.SetFeatureFlag("DedicatedThreads", true);

    private static ConnectionMultiplexer Connect(IServiceProvider provider) =>
        ConnectionMultiplexer.Connect(CreateConfiguration(provider.GetRequiredService<IOptions<RedisOptions>>().Value.ConnectionString!));

    internal static ConfigurationOptions CreateConfiguration(string connectionString)
    {
        var configuration = ConfigurationOptions.Parse(connectionString);
        configuration.ClientName ??= "presencehub";
        configuration.AbortOnConnectFail = false;

        // What fails is logged with the library's message, and keys name the accounts that the hub signs in with.
        configuration.IncludeDetailInExceptions = false;

        // While Redis is away a call must fail at once: everything that depends on it retries, and nothing may pile up.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        configuration.ReconnectRetryPolicy = new LinearRetry(200);
        configuration.KeepAlive = 5;
        configuration.ConnectTimeout = 1000;
        if (!connectionString.Contains("configCheckSeconds", StringComparison.OrdinalIgnoreCase))
        {
            // After a failover whose message was missed: the library's minute is too long.
            configuration.ConfigCheckSeconds = 10;
        }

        if (!connectionString.Contains("asyncTimeout", StringComparison.OrdinalIgnoreCase))
        {
            configuration.AsyncTimeout = 1000;
        }

        return configuration;
    }
}
