using System.Text.RegularExpressions;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;
using PresenceHub.FunctionalTests.Store;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>A crowd that connects, watches and reconnects at once: load costs latency and nothing else.</summary>
public sealed partial class WaveTests : IAsyncLifetime
{
    private const int Clients = 2_000;

    private readonly RedisServer _redis = new();
    private HubServer _server = null!;

    public async Task InitializeAsync()
    {
        await _redis.StartAsync();
        _server = await HubServer.StartAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = _redis.ConnectionString }
        );
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Wave_AllConnectAndWatchAtOnceTwice_EndsWithEverySnapshotNothingStaleAndTheSameLeader()
    {
        await using var store = await StoreNode.ConnectAsync(
            _redis.ConnectionString,
            new StoreSettings(new RedisNames(), new StoreOptions())
        );
        var leader = await store.Redis.GetDatabase().StringGetAsync("ph:ingest:leader");
        Assert.False(leader.IsNull);
        var scenario = new Scenario
        {
            Connections = Clients,
            Canaries = 10,
            Protocol = ProtocolChoice.Both,
            Ramp = new RampPlan { PerSecond = 0, AtOnce = 512 },
            Watch = new WatchPlan { Subjects = 50 },
            Storm = new StormPlan { At = TimeSpan.FromSeconds(1) },
            Changes = new ChangePlan { PerSecond = 10 },
            Duration = TimeSpan.FromSeconds(4),
        };
        using var runner = new FleetRunner();

        var result = await runner.RunAsync(
            new RunOptions(scenario, [_server.Address]) { Emulator = _server.Emulator.Address }
        );

        Assert.Equal((RunVerdict.Passed, string.Empty), (result.Verdict, string.Join('\n', result.Details)));
        Assert.Equal(0, result.Oracle!.NotLive);
        Assert.NotNull(result.Storm!.SecondsUntilAllLive);
        Assert.Equal((0, 0), (result.Counters.PushedStale, result.Counters.Lost));
        Assert.Empty(result.Counters.Errors);
        Assert.Equal(leader, await store.Redis.GetDatabase().StringGetAsync("ph:ingest:leader"));
        Assert.NotEmpty(_server.Output);
        Assert.DoesNotContain(_server.Output, line => Complaint().IsMatch(line));
    }

    [GeneratedRegex("^warn: PresenceHub|^fail: (PresenceHub|Microsoft.AspNetCore)")]
    private static partial Regex Complaint();
}
