using Microsoft.Extensions.Options;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

internal static class RedisServiceCollectionExtensions
{
    /// <summary>The process' one connection. It is made in the background: a server that is away at start is found when it comes.</summary>
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<RedisOptions, RedisOptionsValidator>().BindConfiguration(RedisOptions.SectionName);
        services.AddSingleton<IConnectionMultiplexer>(provider =>
            ConnectionMultiplexer.Connect(CreateConfiguration(provider.GetRequiredService<IOptions<RedisOptions>>().Value.ConnectionString!)));
        services.AddOptions<StoreOptions>().PostConfigure<IOptions<RedisOptions>>((store, redis) => store.KeyPrefix = redis.Value.KeyPrefix);
        services.AddOptions<WatchListOptions>().PostConfigure<IOptions<RedisOptions>>((lists, redis) => lists.KeyPrefix = redis.Value.KeyPrefix);
        return services;
    }

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
