using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class WatchTests
{
    [Fact]
    public async Task WatchAsync_MixedIds_TellsAcceptedAndRejectedAsGiven()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness
            .Client.Watch([Wire.B.ToUpperInvariant(), "not-an-id", Wire.A, Wire.B, Wire.C.ToUpperInvariant()])
            .Admission;
        var watch = await link.Watches.NextAsync();
        Assert.Equal([Wire.B, Wire.A, Wire.C], watch.Request.Ids);
        Assert.Null(watch.Request.Cursor);
        watch.Answer(
            new WatchResult(
                [Wire.Entry(Wire.B, 1), Wire.Entry(Wire.A, 2)],
                [new RejectedSubject(Wire.C, RejectionReason.NotVisible)],
                "c1"
            )
        );

        var admission = await Expect.SoonAsync(watching, "WatchAsync");
        Assert.Equal([Wire.Entry(Wire.B, 1), Wire.Entry(Wire.A, 2)], admission.Entries);
        Assert.Equal(
            [
                new RejectedSubject("not-an-id", RejectionReason.InvalidId),
                new RejectedSubject(Wire.C.ToUpperInvariant(), RejectionReason.NotVisible),
            ],
            admission.Rejected
        );
        Assert.Equal(2, harness.Client.Entries.Count);
    }

    [Fact]
    public async Task WatchAsync_AlreadyWatched_IsAnsweredFromTheEntries()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2)]);
        Assert.Equal(
            [Wire.Entry(Wire.A, 2)],
            (await Expect.SoonAsync(harness.Client.Watch([Wire.A]).Admission, "WatchAsync")).Entries
        );
        Assert.True(link.Watches.IsEmpty);
    }

    [Fact]
    public async Task WatchAsync_ManyWhileACallIsUnderWay_GoTogetherInTheNextCall()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var first = harness.Client.Watch([Wire.Id(0)]).Admission;
        var call = await link.Watches.NextAsync();
        var others = Enumerable
            .Range(1, 50)
            .Select(number => harness.Client.Watch([Wire.Id(number)]).Admission)
            .ToArray();
        call.Answer(Wire.Result("c1", Wire.Entry(Wire.Id(0), 1)));
        var next = await link.Watches.NextAsync();
        Assert.Equal(50, next.Request.Ids.Count);
        next.Answer(Wire.Result("c2", [.. next.Request.Ids.Select(id => Wire.Entry(id, 1))]));
        await Expect.SoonAsync(Task.WhenAll([first, .. others]), "all WatchAsync");
    }

    [Fact]
    public async Task WatchAsync_BeforeStart_WaitsAndIsSentOnConnect()
    {
        await using var harness = new ClientHarness();
        var watching = harness.Client.Watch([Wire.A]).Admission;
        var link = await harness.ConnectAsync();
        var watch = await link.Watches.NextAsync();
        Assert.False(watching.IsCompleted);
        watch.Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        Assert.Equal([Wire.Entry(Wire.A, 1)], (await Expect.SoonAsync(watching, "WatchAsync")).Entries);
    }

    [Fact]
    public async Task WatchAsync_RightAfterStartAsync_IsSentOnceTheConnectionIsOpen()
    {
        await using var harness = new ClientHarness();
        var starting = harness.Client.StartAsync();
        var watching = harness.Client.Watch([Wire.A]).Admission;
        var link = await harness.Links.NextAsync();
        Assert.True(link.Watches.IsEmpty);
        link.Accept();
        await Expect.SoonAsync(starting, "StartAsync");
        (await link.Watches.NextAsync()).Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        Assert.Equal([Wire.Entry(Wire.A, 1)], (await Expect.SoonAsync(watching, "WatchAsync")).Entries);
        Assert.True(harness.Time.Waits.IsEmpty);
        Assert.True(link.Watches.IsEmpty);
    }

    [Fact]
    public async Task WatchAsync_HubIsBusyAndNamesAWait_IsRepeatedOnTheSameConnectionNoSooner()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch([Wire.A]).Admission;
        for (var refusal = 0; refusal < 3; refusal++)
        {
            (await link.Watches.NextAsync()).Fail(Wire.Error(ErrorCode.Unavailable, TimeSpan.FromMilliseconds(400)));
            Assert.Equal(TimeSpan.FromMilliseconds(600), await harness.Time.PassNextWaitAsync());
        }

        (await link.Watches.NextAsync()).Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        Assert.Single((await Expect.SoonAsync(watching, "WatchAsync")).Entries);
        Assert.Equal(1, harness.LinkCount);
    }

    [Fact]
    public async Task WatchAsync_CancelledWhileDisconnected_WatchesNothing()
    {
        await using var harness = new ClientHarness();
        using var cancellation = new CancellationTokenSource();
        var watching = harness.Client.WatchAsync([Wire.A], cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.B);
        Assert.Equal([Wire.B], harness.Client.Entries.Keys);
    }

    [Fact]
    public async Task WatchAsync_ConnectionLostMeanwhile_IsAnsweredOnTheNextOneWithoutCursor()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        var watching = harness.Client.Watch([Wire.B]).Admission;
        await link.Watches.NextAsync();
        await link.Client.Bookmark("c2");
        link.Lose();

        link = await harness.ReconnectAsync();
        var resume = await link.Watches.NextAsync();
        Assert.Equal([Wire.A], resume.Request.Ids);
        resume.Answer(Wire.Result("c3"));
        var fresh = await link.Watches.NextAsync();
        Assert.Equal([Wire.B], fresh.Request.Ids);
        Assert.Null(fresh.Request.Cursor);
        fresh.Answer(Wire.Result("c4", Wire.Entry(Wire.B, 1)));
        Assert.Equal([Wire.Entry(Wire.B, 1)], (await Expect.SoonAsync(watching, "WatchAsync")).Entries);
    }

    [Theory]
    [InlineData(ErrorCode.LimitExceeded)]
    [InlineData(ErrorCode.InvalidRequest)]
    [InlineData(ErrorCode.Unauthorized)]
    public async Task WatchAsync_CallFails_ThrowsTheCodeAndForgetsTheIds(string code)
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch([Wire.A]).Admission;
        (await link.Watches.NextAsync()).Fail(Wire.Error(code));
        Assert.Equal(
            code,
            (await Assert.ThrowsAsync<PresenceHubException>(() => Expect.SoonAsync(watching, "WatchAsync"))).Code
        );
        await harness.WatchAsync(link, "c1", Wire.B);
        link.Lose();

        Assert.Equal([Wire.B], (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request.Ids);
    }

    [Fact]
    public async Task WatchAsync_Unavailable_IsRepeated()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch([Wire.A]).Admission;
        (await link.Watches.NextAsync()).Fail(Wire.Error(ErrorCode.Unavailable));
        await harness.Time.PassNextWaitAsync();
        (await link.Watches.NextAsync()).Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        await Expect.SoonAsync(watching, "WatchAsync");
    }

    [Fact]
    public async Task UnwatchAsync_Connected_TellsTheHubAndForgets()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        var unwatching = harness.Client.UnwatchAsync([Wire.A, "not-an-id"]);
        Assert.False(harness.Client.TryGetEntry(Wire.A, out _));
        var unwatch = await link.Unwatches.NextAsync();
        Assert.Equal([Wire.A], unwatch.Request);
        Assert.False(unwatching.IsCompleted);
        unwatch.Answer(true);
        await Expect.SoonAsync(unwatching, "UnwatchAsync");
    }

    [Fact]
    public async Task UnwatchAsync_Disconnected_CompletesAndIsNotResumed()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        link.Lose();
        await harness.Time.Waits.NextAsync();
        await Expect.SoonAsync(harness.Client.UnwatchAsync([Wire.A]), "UnwatchAsync");
        harness.Time.Advance(TimeSpan.FromSeconds(1));
        link = await harness.Links.NextAsync();
        link.Accept();
        Assert.Equal([Wire.B], (await link.Watches.NextAsync()).Request.Ids);
        Assert.True(link.Unwatches.IsEmpty);
    }

    [Fact]
    public async Task UnwatchAsync_WhileItsWatchIsUnderWay_IsSentAfterIt()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch([Wire.A]).Admission;
        var watch = await link.Watches.NextAsync();
        var unwatching = harness.Client.UnwatchAsync([Wire.A]);
        Assert.Empty((await Expect.SoonAsync(watching, "WatchAsync")).Entries);
        Assert.True(link.Unwatches.IsEmpty);
        watch.Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        (await link.Unwatches.NextAsync()).Answer(true);
        await Expect.SoonAsync(unwatching, "UnwatchAsync");
        Assert.Empty(harness.Client.Entries);
    }

    [Fact]
    public async Task GetAsync_Connected_ReadsWithoutWatching()
    {
        await using var harness = new ClientHarness();
        var getting = harness.Client.GetAsync([Wire.A.ToUpperInvariant(), "not-an-id"]);
        var link = await harness.ConnectAsync();
        var get = await link.Gets.NextAsync();
        Assert.Equal([Wire.A], get.Request);
        get.Answer([Wire.Entry(Wire.A, 1)]);
        Assert.Equal([Wire.Entry(Wire.A, 1)], await Expect.SoonAsync(getting, "GetAsync"));
        Assert.Empty(harness.Client.Entries);
    }

    [Fact]
    public async Task GetAsync_ConnectionLost_IsUnavailable()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var getting = harness.Client.GetAsync([Wire.A]);
        await link.Gets.NextAsync();
        link.Lose();
        Assert.Equal(
            ErrorCode.Unavailable,
            (await Assert.ThrowsAsync<PresenceHubException>(() => Expect.SoonAsync(getting, "GetAsync"))).Code
        );
    }
}
