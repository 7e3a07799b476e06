using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class RedisSettingTests
{
    [Theory]
    [InlineData("redis://cache", "cache", 6379, null, null, null, false)]
    [InlineData("REDIS://my_cache:7000/", "my_cache", 7000, null, null, null, false)]
    [InlineData("redis://127.0.0.1/3", "127.0.0.1", 6379, null, null, 3, false)]
    [InlineData("rediss://cache.example:6380", "cache.example", 6380, null, null, null, true)]
    [InlineData("rediss://cache.example", "cache.example", 6379, null, null, null, true)]
    [InlineData("redis://[2001:db8::1]:7000/0", "2001:db8::1", 7000, null, null, 0, false)]
    [InlineData("redis://[::1]", "::1", 6379, null, null, null, false)]
    [InlineData("redis://:secret@cache", "cache", 6379, null, "secret", null, false)]
    [InlineData("redis://hub:p%40s%2Fs%3A%2C%25+%C3%A9@cache/1", "cache", 6379, "hub", "p@s/s:,%+é", 1, false)]
    [InlineData("redis://h%75b:a:b@cache", "cache", 6379, "hub", "a:b", null, false)]
    [InlineData("redis://hub:@cache", "cache", 6379, "hub", "", null, false)]
    public void CreateConfiguration_Url_IsParsed(
        string url,
        string host,
        int port,
        string? user,
        string? password,
        int? database,
        bool ssl
    )
    {
        var configuration = RedisServiceCollectionExtensions.CreateConfiguration(url);

        EndPoint expected = IPAddress.TryParse(host, out var address)
            ? new IPEndPoint(address, port)
            : new DnsEndPoint(host, port);
        Assert.Equal([expected], configuration.EndPoints);
        Assert.Equal(
            (user, password, database, ssl),
            (configuration.User, configuration.Password, configuration.DefaultDatabase, configuration.Ssl)
        );
    }

    [Theory]
    [InlineData("redis://hub:hunter2@cache?timeout=5", "timeout")]
    [InlineData("redis://hub:hunter2@cache?keepAlive=often", "keepAlive")]
    [InlineData("redis://hub:hunter2@cache?keepAlive=5&keepalive=6", "keepalive")]
    [InlineData("redis://hub:hunter2@cache?keepAlive", "keepAlive")]
    [InlineData("redis://hub:hunter2@cache?name=a%2Cb", "name")]
    [InlineData("rediss://hub:hunter2@cache?ssl=false", "ssl")]
    [InlineData("redis://hub@cache?password=hunter2", "password")]
    [InlineData("redis://hunter2@cache", "user without a password")]
    [InlineData("redis://hub:hunter2@cache/first", "database")]
    [InlineData("redis://hub:hunter2@cache/-1", "database")]
    [InlineData("redis://hub:hunter2%zz@cache", "%25")]
    [InlineData("redis://hub:hunter2@", "URL")]
    [InlineData("redis://hub:hunter2@cache:99999", "URL")]
    [InlineData("redis://hub:hunter2#x@cache", "%XX")]
    [InlineData("redis://hub:hunter2/x@cache", "%XX")]
    [InlineData("redis://hub:1?hunter2@cache", "query")]
    [InlineData("redis://cache,password=hunter2", "%XX")]
    [InlineData("redis://one:6379,redis://hub:hunter2@two", "host1:6379,host2:6379")]
    [InlineData("cache,password=hunter2,hunter3=x", "rediss://")]
    [InlineData("password=hunter2", "no server")]
    [InlineData("cache,password=hunter2,defaultDatabase=-2", "defaultDatabase")]
    public void Validate_ConnectionThatCannotBeUnderstood_NamesTheSettingAndNoPassword(string text, string part)
    {
        foreach (var setting in new[] { "Redis:ConnectionString", "ConnectionStrings:Redis" })
        {
            var failure = Assert.Throws<OptionsValidationException>(() =>
                Build((setting, text)).GetRequiredService<IOptions<RedisOptions>>().Value
            );

            Assert.StartsWith(setting, failure.Message, StringComparison.Ordinal);
            Assert.Contains(part, failure.Message, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(
                "hunter",
                failure.Message.Replace($"option '{part}'", string.Empty, StringComparison.Ordinal),
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData(
        "cache,connectTimeout=7000,keepAlive=33,asyncTimeout=2500,syncTimeout=9000,configCheckSeconds=44,name=mine,abortConnect=true,connectRetry=9"
    )]
    [InlineData(
        "redis://cache?connectTimeout=7000&keepAlive=33&asyncTimeout=2500&syncTimeout=9000&configCheckSeconds=44&name=mine&abortConnect=true&connectRetry=9"
    )]
    public void CreateConfiguration_ValuesOfTheOperator_AreKept(string text)
    {
        var configuration = RedisServiceCollectionExtensions.CreateConfiguration(text);

        Assert.Equal(
            (7000, 33, 2500, 9000),
            (
                configuration.ConnectTimeout,
                configuration.KeepAlive,
                configuration.AsyncTimeout,
                configuration.SyncTimeout
            )
        );
        Assert.Equal(
            (44, "mine", true, 9),
            (
                configuration.ConfigCheckSeconds,
                configuration.ClientName,
                configuration.AbortOnConnectFail,
                configuration.ConnectRetry
            )
        );
    }

    [Fact]
    public void CreateConfiguration_PasswordThatLooksLikeOptions_KeepsTheDefaults()
    {
        var configuration = RedisServiceCollectionExtensions.CreateConfiguration(
            "cache,password=connectTimeout=asyncTimeout=keepAlive=abortConnect="
        );

        Assert.Equal(
            (1000, 1000, 10, 10),
            (
                configuration.ConnectTimeout,
                configuration.AsyncTimeout,
                configuration.KeepAlive,
                configuration.ConfigCheckSeconds
            )
        );
        Assert.False(configuration.AbortOnConnectFail);
        Assert.Equal(("presencehub", BacklogPolicy.FailFast), (configuration.ClientName, configuration.BacklogPolicy));
    }

    [Theory]
    [InlineData("cache", "")]
    [InlineData("cache,defaultDatabase=0", "")]
    [InlineData("redis://cache/0", "")]
    [InlineData("cache,defaultDatabase=3", "@3:")]
    [InlineData("redis://cache/3", "@3:")]
    [InlineData("cache,channelPrefix=mine-", "mine-")]
    [InlineData("cache,channelPrefix=mine-,defaultDatabase=12", "mine-@12:")]
    public void Channels_OfADatabase_NameItUnlessItIsTheFirst(string text, string prefix)
    {
        using var services = Build(("Redis:ConnectionString", text));
        var (store, interest, ingest) = (
            services.GetRequiredService<StoreKeys>(),
            services.GetRequiredService<InterestKeys>(),
            services.GetRequiredService<IngestKeys>()
        );

        string[] channels =
        [
            store.Changes(2),
            store.Probe(2, "node"),
            (string)interest.Refreshes!,
            (string)interest.Unknown!,
            (string)ingest.Lifecycle!,
            (string)ingest.Notified!,
        ];
        string[] names =
        [
            "{ph:02}:changes",
            "{ph:02}:probe:node",
            "ph:wanted",
            "ph:unknown",
            "ph:ingest:lifecycle",
            "ph:ingest:notified",
        ];

        Assert.Equal(names.Select(name => prefix + name), channels);
        Assert.Equal("{ph:02}:meta", (string?)store.Meta(2));
        Assert.True(RedisServiceCollectionExtensions.CreateConfiguration(text).ChannelPrefix.IsNullOrEmpty);
    }

    [Theory]
    [InlineData(null, "redis://injected", "redis://injected", "ConnectionStrings:Redis", false)]
    [InlineData(" ", "redis://injected", "redis://injected", "ConnectionStrings:Redis", false)]
    [InlineData("own", "redis://injected", "own", "Redis:ConnectionString", true)]
    [InlineData("own", "own", "own", "Redis:ConnectionString", false)]
    [InlineData("own", null, "own", "Redis:ConnectionString", false)]
    public void Configure_EitherSettingOrBoth_RedisConnectionStringWins(
        string? own,
        string? injected,
        string used,
        string setting,
        bool isContradictory
    )
    {
        using var services = Build(("Redis:ConnectionString", own), ("ConnectionStrings:Redis", injected));
        var options = services.GetRequiredService<IOptions<RedisOptions>>().Value;

        Assert.Equal((used, setting), (options.ConnectionString, options.ConnectionSetting));
        Assert.Equal(
            isContradictory,
            RedisConnectionSource.IsContradictory(services.GetRequiredService<IConfiguration>())
        );
        Assert.True(RedisConnectionSource.IsConfigured(services.GetRequiredService<IConfiguration>()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("a:b")]
    [InlineData("123456789012345678901234567890123")]
    public void Validate_KeyPrefixThatIsNoPartOfAName_IsNamedOnce(string prefix)
    {
        using var services = Build(("Redis:ConnectionString", "redis://redis"), ("Redis:KeyPrefix", prefix));

        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<StoreKeys>());

        Assert.Equal(["Redis:KeyPrefix must be 1 to 32 letters, digits, '_' or '-'"], failure.Failures);
    }

    [Fact]
    public void Names_OwnKeyPrefix_BeginsEveryName()
    {
        using var services = Build(
            ("Redis:ConnectionString", "redis://redis/3"),
            ("Redis:KeyPrefix", "mine"),
            ("Store:KeyPrefix", "ignored")
        );

        Assert.Equal("mine:layout", services.GetRequiredService<StoreKeys>().Layout);
        Assert.Equal("mine:interest:nodes", services.GetRequiredService<InterestKeys>().Nodes);
        Assert.Equal("mine:ingest:leader", services.GetRequiredService<IngestKeys>().Leader);
    }

    private static ServiceProvider Build(params (string Name, string? Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)))
            .Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddMetrics()
            .AddRedis()
            .AddStore()
            .AddWatchLists()
            .AddIngest()
            .BuildServiceProvider();
    }
}
