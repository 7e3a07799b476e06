using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class ReconnectTests
{
    [Fact]
    public async Task StartAsync_FirstAttemptsFail_RetriesWithGrowingWaitsUntilConnected()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var starting = harness.Client.StartAsync();
        var waits = new List<double>();
        for (var attempt = 0; attempt < 8; attempt++)
        {
            (await harness.Links.NextAsync()).Refuse();
            waits.Add((await harness.Time.PassNextWaitAsync()).TotalSeconds);
        }

        Assert.Equal([0.5, 1, 2, 4, 8, 15, 15, 15], waits);
        Assert.False(starting.IsCompleted);
        (await harness.Links.NextAsync()).Accept();
        await Expect.SoonAsync(starting, "StartAsync");
        Assert.Equal(PresenceConnectionState.Connected, harness.Client.Status.State);
    }

    [Fact]
    public async Task StartAsync_HubIsBusyAndNamesAWait_WaitsAtLeastThatLong()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var starting = harness.Client.StartAsync();
        (await harness.Links.NextAsync()).Refuse(Wire.Error(ErrorCode.Unavailable, TimeSpan.FromSeconds(20)));
        Assert.Equal(TimeSpan.FromSeconds(30), await harness.Time.PassNextWaitAsync());
        (await harness.Links.NextAsync()).Refuse();
        Assert.Equal(TimeSpan.FromSeconds(1), await harness.Time.PassNextWaitAsync());
        (await harness.Links.NextAsync()).Accept();
        await Expect.SoonAsync(starting, "StartAsync");
    }

    [Fact]
    public async Task Lost_HubClosesBecauseItIsBusy_WaitsAtLeastAsLongAsItSays()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var link = await harness.ConnectAsync();
        link.Lose(
            new HubException(
                "The server closed the connection with the following error: HubException: unavailable: busy; retry after 4000 ms"
            )
        );
        Assert.Equal(TimeSpan.FromSeconds(6), await harness.Time.PassNextWaitAsync());
        await harness.Links.NextAsync();
    }

    [Fact]
    public async Task Lost_HundredTimesInARow_IsNeverGivenUp()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        link.Lose();
        for (var attempt = 0; attempt < 100; attempt++)
        {
            await harness.Time.PassNextWaitAsync();
            (await harness.Links.NextAsync()).Refuse();
        }

        await harness.ReconnectAsync();
        await harness.States.FirstAsync(state => state is PresenceConnectionState.Reconnecting);
        await harness.States.FirstAsync(state => state is PresenceConnectionState.Connected);
    }

    [Fact]
    public async Task Lost_AcceptedButResumeFails_KeepsBackingOff()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        link.Lose();
        var waits = new List<double>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            waits.Add((await harness.Time.PassNextWaitAsync()).TotalSeconds);
            link = await harness.Links.NextAsync();
            link.Accept();
            (await link.Watches.NextAsync()).Fail(new IOException("lost"));
        }

        Assert.Equal([0.5, 1, 2], waits);
        Assert.True(harness.Client.TryGetEntry(Wire.A, out _));
    }

    [Fact]
    public async Task Closed_TooManyConnections_IsShownWithoutFlappingAndAskedAgainOnceAMinute()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var link = await harness.ConnectAsync();
        link.Lose(ClosedWith("limitExceeded"));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(TimeSpan.FromSeconds(75), await harness.Time.Waits.NextAsync());
            Assert.Equal(
                (PresenceConnectionState.Reconnecting, ErrorCode.LimitExceeded, "refused"),
                (harness.Client.Status.State, harness.Client.Status.Error?.Code, harness.Client.Status.Error?.Message)
            );
            harness.Time.Advance(TimeSpan.FromSeconds(75));
            link = await harness.Links.NextAsync();
            link.Accept();
            Assert.Equal(TimeSpan.FromSeconds(1), await harness.Time.Waits.NextAsync());
            link.Lose(ClosedWith("limitExceeded"));
        }

        await harness.Time.PassNextWaitAsync();
        (await harness.Links.NextAsync()).Accept();
        Assert.Equal(TimeSpan.FromSeconds(1), await harness.Time.PassNextWaitAsync());
        await harness.States.FirstAsync(state => state is PresenceConnectionState.Connecting);
        Assert.Equal(PresenceConnectionState.Connected, await harness.States.NextAsync());
        Assert.Equal(PresenceConnectionState.Reconnecting, await harness.States.NextAsync());
        Assert.Equal(PresenceConnectionState.Connected, await harness.States.NextAsync());
        Assert.Null(harness.Client.Status.Error);
    }

    [Theory]
    [InlineData(ErrorCode.TokenExpired)]
    [InlineData(ErrorCode.Unauthorized)]
    public async Task Start_TokenSourceKeepsARefusedToken_IsShownAndAskedAgainOnceAMinute(string code)
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var starting = harness.Client.StartAsync();
        var waits = new List<double>();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var link = await harness.Links.NextAsync();
            Assert.Equal(attempt > 0, link.RefreshesToken);
            link.Refuse(Wire.Error(code));
            waits.Add((await harness.Time.PassNextWaitAsync()).TotalSeconds);
            Assert.Equal(code, harness.Client.Status.Error?.Code);
        }

        Assert.Equal([0.5, 75, 75], waits);
        (await harness.Links.NextAsync()).Accept();
        await Expect.SoonAsync(starting, "StartAsync");
        Assert.Null(harness.Client.Status.Error);
    }

    private static HubException ClosedWith(string code) =>
        new(
            $"The server closed the connection with the following error: Connection closed with an error. HubException: {code}: refused"
        );

    [Fact]
    public async Task Call_HubNeverAnswers_CountsAsLost()
    {
        await using var harness = new ClientHarness(callTimeout: TimeSpan.FromSeconds(7));
        var starting = harness.Client.StartAsync();
        await harness.Links.NextAsync();
        Assert.Equal(TimeSpan.FromSeconds(7), await harness.Time.PassNextWaitAsync());
        await harness.ReconnectAsync();
        await Expect.SoonAsync(starting, "StartAsync");
    }

    [Fact]
    public async Task Draining_AfterTheAskedWait_ReconnectsOnce()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await link.Client.Draining(new(3_000));
        await link.Client.Draining(new(9_000));
        Assert.Equal(TimeSpan.FromSeconds(3), await harness.Drains.NextAsync());
        Assert.Equal(TimeSpan.FromSeconds(3), await harness.Time.Waits.NextAsync());
        harness.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, harness.LinkCount);

        harness.Time.Advance(TimeSpan.FromSeconds(1));
        var next = await harness.Links.NextAsync();
        Assert.True(link.Disposed.IsCompleted);
        next.Accept();
        (await next.Watches.NextAsync()).Answer(Wire.Result("c2"));
        await harness.WatchAsync(next, "c3", Wire.B);
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        await harness.WatchAsync(next, "c4", Wire.C);
        Assert.Equal(2, harness.LinkCount);
        Assert.True(harness.Time.Waits.IsEmpty);
    }

    [Fact]
    public async Task Draining_LostBeforeTheAskedWait_StillWaitsAndReconnectsOnce()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await link.Client.Draining(new(3_000));
        Assert.Equal(TimeSpan.FromSeconds(3), await harness.Time.Waits.NextAsync());
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        link.Lose();
        Assert.Equal(TimeSpan.FromSeconds(2), await harness.Time.PassNextWaitAsync());
        await harness.Links.NextAsync();
        Assert.Equal(2, harness.LinkCount);
    }

    [Fact]
    public async Task Draining_IsAnnounced_WritesNoWarningAndALossDoes()
    {
        var log = new LineLogger();
        await using var harness = new ClientHarness(log: log);
        var link = await harness.ConnectAsync();
        await link.Client.Draining(new(3_000));
        Assert.Equal(TimeSpan.FromSeconds(3), await harness.Time.PassNextWaitAsync());
        var next = await harness.Links.NextAsync();
        Assert.Empty(log.Warnings);

        next.Accept();
        await harness.States.FirstAsync(state => state is PresenceConnectionState.Reconnecting);
        await harness.States.FirstAsync(state => state is PresenceConnectionState.Connected);
        next.Lose();
        await harness.Time.Waits.NextAsync();
        Assert.StartsWith("No connection", Assert.Single(log.Warnings), StringComparison.Ordinal);
    }
}
