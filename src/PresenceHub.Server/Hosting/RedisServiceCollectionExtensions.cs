using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

internal static class RedisServiceCollectionExtensions
{
    /// <summary>
    /// The two connections of the process: one for clients and notifications, one for leases, positions and probes.
    /// They connect in the background: a server that is away at start is connected to later.
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
    /// The library times out a call by the time since it was written. When the threads of the pool write and read, this
    /// time includes the wait for a free thread on both ways, so that a busy node would take its own queue for a dead
    /// Redis. Dedicated threads cost two threads per connection; the setting applies to the process
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

    /// <summary>Connects as the hub does. A server that is away or slow is connected to later.</summary>
    internal static ConnectionMultiplexer Connect(ConfigurationOptions configuration)
    {
        var patience = HandshakePatience.AddTo(configuration);
        var redis = ConnectionMultiplexer.Connect(configuration);
        patience.Follow(redis);
        return redis;
    }

    /// <summary>
    /// Options that the operator sets in the connection string are kept; the others are set to what the hub needs.
    /// </summary>
    internal static ConfigurationOptions CreateConfiguration(string connectionString)
    {
        var (configuration, given) = RedisSetting.Parse(connectionString);
        configuration.ClientName ??= "presencehub";

        // The prefix is part of RedisNames, because the script of the store publishes without the library.
        configuration.ChannelPrefix = default;

        // Failures are logged with the message of the library, and keys contain the accounts that the hub signs in
        // with.
        configuration.IncludeDetailInExceptions = false;

        // While Redis is away, a call must fail at once: all callers retry, and calls must not accumulate.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        configuration.ReconnectRetryPolicy = new LinearRetry(200);
        SetDefault("abortConnect", () => configuration.AbortOnConnectFail = false);
        SetDefault("connectTimeout", () => configuration.ConnectTimeout = 1000);
        SetDefault("asyncTimeout", () => configuration.AsyncTimeout = 1000);

        // For a failover whose message was missed; the library's default of one minute is too long.
        SetDefault("configCheckSeconds", () => configuration.ConfigCheckSeconds = 10);

        // A link on which nothing is sent for this long during the handshake is closed.
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
