using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Runs;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.FunctionalTests.Fleet;

/// <summary>What a hub does wrong is found, whichever hub protocol carries it.</summary>
public sealed class FleetJudgementTests : IAsyncLifetime
{
    private FakeHub _hub = null!;

    public async Task InitializeAsync() => _hub = await FakeHub.StartAsync();

    public async Task DisposeAsync() => await _hub.DisposeAsync();

    [Fact]
    public async Task Run_HubThatDoesEverythingRight_Passes()
    {
        var result = await RunAsync(FleetRunner.Small with { Protocol = ProtocolChoice.Both, Canaries = 2 });

        Assert.Equal((RunVerdict.Passed, null), (result.Verdict, result.Reason));
        Assert.Equal((12, 12), (result.Connections.LiveAtEnd, result.Oracle!.Views));
        Assert.Empty(result.Details);
    }

    [Fact]
    public async Task Run_HubTakesFewerIdsPerCall_WatchesInPartsAndPasses()
    {
        _hub.MaxIdsPerCall = 2;

        var result = await RunAsync(FleetRunner.Small with { Protocol = ProtocolChoice.Both, Canaries = 2 });

        Assert.Equal((RunVerdict.Passed, null), (result.Verdict, result.Reason));
        Assert.Equal(12, result.Connections.LiveAtEnd);
        Assert.Equal(12 * 5, _hub.Watches.Sum(request => request.Ids.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OlderPushAfterANewerOne_IsReversed(bool messagePack)
    {
        _hub.AfterWatch = ids => [FakeHub.Entry(ids[0], 3), FakeHub.Entry(ids[0], 2)];

        Assert.Equal(10, await CountAsync(ViolationKind.Reversed, messagePack));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_SamePushTwice_IsDuplicated(bool messagePack)
    {
        _hub.AfterWatch = ids => [FakeHub.Entry(ids[0], 2), FakeHub.Entry(ids[0], 2)];

        Assert.Equal(10, await CountAsync(ViolationKind.Duplicated, messagePack));
    }

    [Fact]
    public async Task Run_SubjectOfAnotherConnection_WasNeverAskedFor()
    {
        _hub.AfterWatch = ids =>
            [FakeHub.Entry(_hub.People.Except(ids).First(), 2), FakeHub.Entry(Guid.NewGuid().ToString(), 2)];

        Assert.Equal(20, await CountAsync(ViolationKind.NeverAskedFor));
    }

    [Fact]
    public async Task Run_RevisionWithTwoPresences_Conflicts()
    {
        _hub.AfterWatch = ids =>
            [
                FakeHub.Entry(ids[0], 2),
                FakeHub.Entry(ids[0], 2) with
                {
                    Availability = "Away",
                    ObservedAt = DateTimeOffset.UnixEpoch,
                },
            ];

        Assert.Equal(10, await CountAsync(ViolationKind.Conflicting));
    }

    [Fact]
    public async Task Run_StoreHoldsMoreThanTheViews_IsLost()
    {
        _hub.StoredRevision = 2;

        var result = await RunAsync(FleetRunner.Small with { Settle = TimeSpan.FromSeconds(1) });

        Assert.Equal(RunVerdict.Failed, result.Verdict);
        Assert.Equal(10, result.Violations[ViolationKind.Lost]);
        Assert.True(result.Oracle!.DifferFromStore > 0);
    }

    [Fact]
    public async Task Run_BusyHub_IsObeyedAndCounted()
    {
        _hub.BusyUpgrades = 4;
        _hub.UnavailableCalls = 3;

        var result = await RunAsync(FleetRunner.Small);

        Assert.Equal(RunVerdict.Passed, result.Verdict);

        // One of the refused upgrades is that of the connection that tries the hub out.
        Assert.Equal((3, 3), (result.Counters.Refused, result.Counters.Unavailable));
        Assert.Empty(result.Counters.Errors);
    }

    private async Task<long> CountAsync(ViolationKind kind, bool messagePack = false)
    {
        var result = await RunAsync(
            FleetRunner.Small with
            {
                Protocol = messagePack ? ProtocolChoice.MessagePack : ProtocolChoice.Json,
            }
        );
        Assert.Equal(RunVerdict.Failed, result.Verdict);
        Assert.All(result.Violations.Where(pair => pair.Key != kind && pair.Key is not ViolationKind.Lost), pair =>
            Assert.Equal(0, pair.Value)
        );
        return result.Violations[kind];
    }

    private async Task<RunResult> RunAsync(Scenario scenario)
    {
        using var runner = new FleetRunner();
        return await runner.RunAsync(new RunOptions(scenario, [_hub.Address]));
    }
}
