using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hosting;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Hosting;

[Trait("Category", "Functional")]
public sealed class RedisMemoryCheckTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private readonly WrittenLog _log = new();
    private ConnectionMultiplexer _redis = null!;

    public async Task InitializeAsync()
    {
        await _server.StartAsync();
        _redis = await ConnectionMultiplexer.ConnectAsync(
            $"{_server.ConnectionString},allowAdmin=true,abortConnect=false"
        );
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task TryCheckOnceAsync_ServerWithDefaults_LogsNothing()
    {
        Assert.True(await CheckAsync());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task TryCheckOnceAsync_ServerThatEvicts_NamesThePolicy()
    {
        await SetAsync("maxmemory-policy", "allkeys-lru");
        Assert.True(await CheckAsync());
        Assert.Empty(_log.Lines);

        await SetAsync("maxmemory", "1gb");
        Assert.True(await CheckAsync());

        Assert.Contains("(maxmemory-policy allkeys-lru)", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryCheckOnceAsync_LittleHeadroom_LogsBothSizes()
    {
        // In small pieces: what is on its way takes memory too.
        for (var i = 0; i < 200; i++)
        {
            await _redis.GetDatabase().StringSetAsync($"ballast:{i}", new byte[100_000]);
        }

        var memory = (await _redis.GetServers()[0].InfoAsync("memory")).SelectMany(section => section);
        var used = long.Parse(memory.First(field => field.Key is "used_memory").Value, CultureInfo.InvariantCulture);
        await SetAsync("maxmemory", (2 * used).ToString(CultureInfo.InvariantCulture));
        Assert.True(await CheckAsync());
        Assert.Empty(_log.Lines);

        await SetAsync("maxmemory", (used * 10 / 9).ToString(CultureInfo.InvariantCulture));
        Assert.True(await CheckAsync());

        Assert.Matches(@"Redis uses \d+ of \d+ MB", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task TryCheckOnceAsync_ServerRefusesInfo_LogsNothing()
    {
        await _redis.GetDatabase().ExecuteAsync("ACL", "SETUSER", "default", "-info");
        Assert.True(await CheckAsync());
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task TryCheckOnceAsync_ServerIsLoading_IsTriedAgain()
    {
        await using var server = new RedisServer(
            "--enable-debug-command",
            "yes",
            "--key-load-delay",
            "100000",
            "--loading-process-events-interval-bytes",
            "1024"
        );
        await server.StartAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(
            $"{server.ConnectionString},abortConnect=false"
        );
        for (var i = 0; i < 50; i++)
        {
            await redis.GetDatabase().StringSetAsync($"ballast:{i}", RandomNumberGenerator.GetBytes(2048));
        }

        await using var other = await ConnectionMultiplexer.ConnectAsync(
            $"{server.ConnectionString},asyncTimeout=30000,allowAdmin=true"
        );
        var reload = other.GetDatabase().ExecuteAsync("DEBUG", "RELOAD");
        await Eventually.GetAsync(() => IsLoadingAsync(redis), isLoading => isLoading);

        Assert.False(await CheckAsync(redis));
        Assert.Empty(_log.Lines);
        await reload;
        Assert.True(await CheckAsync(redis));
    }

    [Fact]
    public async Task TryCheckOnceAsync_ServerIsAway_IsTriedAgain()
    {
        await _server.KillAsync();
        await Eventually.GetAsync(() => Task.FromResult(_redis.IsConnected), isConnected => !isConnected);

        Assert.False(await CheckAsync());
        Assert.Empty(_log.Lines);
    }

    private static async Task<bool> IsLoadingAsync(ConnectionMultiplexer redis)
    {
        try
        {
            await redis.GetDatabase().PingAsync();
            return false;
        }
        catch (RedisServerException exception)
        {
            return exception.Message.StartsWith("LOADING", StringComparison.Ordinal);
        }
    }

    private Task<bool> CheckAsync() => CheckAsync(_redis);

    private async Task<bool> CheckAsync(ConnectionMultiplexer redis)
    {
        var keys = new StoreKeys(new RedisNames(), Options.Create(new StoreOptions()));
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        using var check = new RedisMemoryCheck(
            redis,
            keys,
            TimeProvider.System,
            loggers.CreateLogger<RedisMemoryCheck>()
        );
        return await check.TryCheckOnceAsync(CancellationToken.None);
    }

    private Task SetAsync(string setting, string value) => _redis.GetServers()[0].ConfigSetAsync(setting, value);
}
