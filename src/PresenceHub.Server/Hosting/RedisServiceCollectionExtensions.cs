using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

internal static class RedisServiceCollectionExtensions
{
    /// <summary>
    /// The process' two connections: one for what clients and Graph bring, one for leases, positions and probes. They
    /// are made in the background: a server that is away at start is found when it comes.
    /// </summary>
    public static IServiceCollection AddRedis(this IServiceCollection services)
    {
        UseOwnThreads();
        services
            .AddOptionsWithValidateOnStart<RedisOptions, RedisOptionsValidator>()
            .BindConfiguration(RedisOptions.SectionName);
        services.AddSingleton<IConfigureOptions<RedisOptions>, RedisConnectionSource>();
        services.AddSingleton<IConnectionMultiplexer>(Connect);
        services.AddHostedService<RedisMemoryCheck>();
        services.AddKeyedSingleton<IConnectionMultiplexer>(ControlConnection.Key, (provider, _) => Connect(provider));
        services.AddSingleton(provider => NamesOf(provider.GetRequiredService<IOptions<RedisOptions>>().Value));
        return services;
    }

    /// <summary>
    /// A call that was not answered in time is found by comparing the time since it was written with the timeout. When
    /// the threads of the pool write and read, "written" is before a thread was free to send it, and an answer that has
    /// arrived counts only once a thread was free to look at it: a busy node would take its own queue for a dead Redis.
    /// The library's own threads cost two a connection, and the setting is one for the process
    /// (https://seredis.dev/SyncOverAsync).
    /// </summary>
    internal static void UseOwnThreads() => ConnectionMultiplexer.SetFeatureFlag("DedicatedThreads", true);

    internal static RedisNames NamesOf(RedisOptions options) =>
        new()
        {
            KeyPrefix = options.KeyPrefix,
            ChannelPrefix = RedisSetting.ChannelPrefixOf(options.ConnectionString!),
            ConnectionSetting = options.ConnectionSetting,
        };

    /// <summary>Connects as the hub does. A server that is away, or slow, is connected to later.</summary>
    internal static ConnectionMultiplexer Connect(ConfigurationOptions configuration)
    {
        var patience = HandshakePatience.AddTo(configuration);
        var redis = ConnectionMultiplexer.Connect(configuration);
        patience.Follow(redis);
        return redis;
    }

    /// <summary>What the operator sets in the connection string stays; the rest is set to what the hub needs.</summary>
    internal static ConfigurationOptions CreateConfiguration(string connectionString)
    {
        var (configuration, given) = RedisSetting.Parse(connectionString);
        configuration.ClientName ??= "presencehub";

        // It is part of our names, because the store's script publishes past the library.
        configuration.ChannelPrefix = default;

        // What fails is logged with the library's message, and keys name the accounts that the hub signs in with.
        configuration.IncludeDetailInExceptions = false;

        // While Redis is away a call must fail at once: everything that depends on it retries, and nothing may pile up.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        configuration.ReconnectRetryPolicy = new LinearRetry(200);
        SetDefault("abortConnect", () => configuration.AbortOnConnectFail = false);
        SetDefault("connectTimeout", () => configuration.ConnectTimeout = 1000);
        SetDefault("asyncTimeout", () => configuration.AsyncTimeout = 1000);

        // After a failover whose message was missed: the library's minute is too long.
        SetDefault("configCheckSeconds", () => configuration.ConfigCheckSeconds = 10);

        // A link on which nothing was sent for this long during the handshake is given up.
        SetDefault("keepAlive", () =>
            configuration.KeepAlive = 2 + (Math.Max(HandshakePatience.Longest, configuration.ConnectTimeout) / 1000)
        );
        return configuration;

        void SetDefault(string option, Action set)
        {
            if (!given.Contains(option))
            {
                set();
            }
        }
    }

    private static ConnectionMultiplexer Connect(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<RedisOptions>>().Value;
        var configuration = CreateConfiguration(options.ConnectionString!);
        if (options.TrustedRootPath is { Length: > 0 } path)
        {
            RedisRoots.Trust(path, configuration);
        }

        try
        {
            return Connect(configuration);
        }
        catch (RedisConnectionException exception) when (configuration.AbortOnConnectFail)
        {
            throw new OptionsValidationException(
                string.Empty,
                typeof(RedisOptions),
                [
                    $"{options.ConnectionSetting} has abortConnect=true, and Redis cannot be connected to: {exception.Message}",
                ]
            );
        }
    }
}
