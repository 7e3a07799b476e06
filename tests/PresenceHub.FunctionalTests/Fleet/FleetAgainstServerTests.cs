using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>The tool against the real server and its emulator, with everything that a scenario can ask for.</summary>
public sealed class FleetAgainstServerTests : IAsyncLifetime
{
    private HubServer _server = null!;

    public async Task InitializeAsync() => _server = await HubServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Run_EveryKindOfMember_PassesAndMeasures()
    {
        var scenario = new Scenario
        {
            Connections = 60,
            Canaries = 4,
            Protocol = ProtocolChoice.Both,
            Ramp = new RampPlan { PerSecond = 100 },
            Watch = new WatchPlan { Subjects = 10, Distribution = WatchDistribution.Zipf },
            Slow = new SlowPlan { Share = 0.05 },
            StuckShare = 0.05,
            Churn = new ChurnPlan { ConnectionsPerMinute = 4, SubjectsPerMinute = 6 },
            Storm = new StormPlan { At = TimeSpan.FromSeconds(1) },
            Changes = new ChangePlan { PerSecond = 40, Burst = 4 },
            Duration = TimeSpan.FromSeconds(4),
        };
        using var runner = new FleetRunner();
        var options = new RunOptions(scenario, [_server.Address])
        {
            Emulator = _server.Emulator.Address,
            ServerProcesses = [_server.ProcessId],
        };

        var result = await runner.RunAsync(options);

        Assert.Equal((RunVerdict.Passed, string.Empty), (result.Verdict, string.Join('\n', result.Details)));
        Assert.InRange(result.Changes.Made, 120, 200);
        Assert.True(result.Changes.Delivered > 0);
        Assert.Equal(result.Changes.Delivered, result.ChangeLatency.Count);
        Assert.Equal(60, result.Storm!.Cut);
        Assert.NotNull(result.Storm.SecondsUntilAllLive);
        Assert.NotNull(result.ConvergenceMilliseconds);
        Assert.Equal((0, 0), (result.Oracle!.DifferFromStore, result.Oracle.DifferFromEmulator));
        Assert.True(result.Server!.MemoryMegabytes > 0);
        Assert.Empty(result.Counters.Errors);
    }
}
