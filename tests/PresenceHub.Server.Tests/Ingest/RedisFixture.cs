using PresenceHub.Server.Control;
using PresenceHub.Server.Ingest;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>A Redis server for the tests of a class; each test has keys of its own.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisProcess? _process;

    public IConnectionMultiplexer Redis { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _process = await RedisProcess.StartAsync();
        Redis = await ConnectionMultiplexer.ConnectAsync($"{_process.ConnectionString},allowAdmin=true");
    }

    public async Task DisposeAsync()
    {
        await Redis.DisposeAsync();
        await _process!.DisposeAsync();
    }

    internal static IngestKeys CreateKeys() => new(new RedisNames { KeyPrefix = Guid.NewGuid().ToString("N") });
}
