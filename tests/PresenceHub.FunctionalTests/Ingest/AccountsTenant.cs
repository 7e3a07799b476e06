using PresenceHub.GraphEmulator;
using PresenceHub.Testing;
using StackExchange.Redis;

namespace PresenceHub.FunctionalTests.Ingest;

/// <summary>An emulated tenant and a Redis server that outlive the hubs. No account is configured.</summary>
internal sealed class AccountsTenant : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly RedisServer _redis = new();
    private readonly string _rootPath = Path.GetTempFileName();
    private readonly GraphEmulatorServer _emulator;

    private AccountsTenant(GraphEmulatorServer emulator)
    {
        _emulator = emulator;
        Emulator = new EmulatorControl(emulator.BaseAddress);
    }

    public EmulatorControl Emulator { get; }

    public IReadOnlyList<string> AccountIds => _emulator.ServiceAccountIds;

    public static async Task<AccountsTenant> StartAsync()
    {
        var emulator = await GraphEmulatorServer.StartAsync(
            new GraphEmulatorOptions
            {
                People = 1500,
                ServiceAccounts = 3,
                ChangePeriod = TimeSpan.Zero,
                Switches = { AllowHttpOnLoopback = true },
            },
            TimeProvider.System,
            null,
            CancellationToken.None
        );
        var tenant = new AccountsTenant(emulator);
        await File.WriteAllTextAsync(tenant._rootPath, emulator.RootCertificatePem);
        await tenant._redis.StartAsync();
        return tenant;
    }

    public Task<HubServer> StartHubAsync(params (string Name, string Value)[] settings) =>
        HubServer.StartInProcessAsync(SettingsWith(settings));

    /// <summary>A hub in a process of its own, for what its console shows.</summary>
    public Task<HubServer> StartHubProcessAsync(params (string Name, string Value)[] settings) =>
        HubServer.StartAsync(SettingsWith(settings));

    private Dictionary<string, string> SettingsWith((string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["Redis__ConnectionString"] = _redis.ConnectionString,
            ["Graph__BaseUrl"] = new Uri(_emulator.BaseAddress, "/v1.0").ToString(),
            ["Graph__TrustedRootPath"] = _rootPath,
            ["WatchLists__MaxSubjectsPerConnection"] = "1500",
            ["Notifications__MinRecreateInterval"] = "00:00:01",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        return all;
    }

    public Task<ConnectionMultiplexer> ConnectRedisAsync() =>
        ConnectionMultiplexer.ConnectAsync($"{_redis.ConnectionString},allowAdmin=true");

    /// <summary>The number of different people that the subscriptions cover.</summary>
    public async Task<int> CoveredAsync() =>
        (await Emulator.SubscriptionsAsync())
            .SelectMany(subscription => subscription.GetProperty("ids").EnumerateArray())
            .Select(id => id.GetString())
            .Distinct()
            .Count();

    /// <summary>Waits until a condition holds that has no signal. The name is part of the failure message.</summary>
    public static async Task UntilAsync(string name, HubServer server, Func<Task<bool>> holds)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < Patience,
                $"Not in time: {name}\n{string.Join('\n', server.Output.TakeLast(40))}"
            );
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Connects a client that watches the first people of the tenant.</summary>
    public async Task<WatchingClient> WatchAsync(HubServer server, int count)
    {
        var client = await WatchingClient.ConnectAsync(server);
        foreach (var part in (await Emulator.PeopleAsync(count)).Chunk(500))
        {
            await client.Client.WatchAsync(part);
        }

        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Emulator.Dispose();
        await _emulator.DisposeAsync();
        await _redis.DisposeAsync();
        File.Delete(_rootPath);
    }
}
