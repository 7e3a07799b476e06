using Microsoft.AspNetCore.SignalR;
using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

/// <summary>The client keeps to the limit that a hub names when it refuses a call with too many ids.</summary>
public sealed class CallLimitTests
{
    private static readonly string[] Five = [.. Enumerable.Range(0, 5).Select(Wire.Id)];

    [Fact]
    public async Task WatchAsync_HubTakesFewerIds_IsRepeatedInPartsOnTheSameConnection()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(Five).Admission;
        (await link.Watches.NextAsync()).Fail(Refusal(most: 2));
        Assert.Equal([Five[..2], Five[2..4], Five[4..]], await AnswerWatchesAsync(link, 3));
        Assert.Equal(Five, (await Expect.SoonAsync(watching, "WatchAsync")).Entries.Select(entry => entry.Id));

        var more = harness.Client.Watch([Wire.Id(5), Wire.Id(6), Wire.Id(7)]).Admission;
        Assert.Equal([2, 1], (await AnswerWatchesAsync(link, 2)).Select(ids => ids.Count));
        await Expect.SoonAsync(more, "WatchAsync");
        Assert.Equal(1, harness.LinkCount);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1_000)]
    public async Task WatchAsync_RefusedWithALimitThatItKept_Fails(int most)
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(Five).Admission;
        (await link.Watches.NextAsync()).Fail(Refusal(most));
        var failure = await Assert.ThrowsAsync<PresenceHubException>(() => Expect.SoonAsync(watching, "WatchAsync"));
        Assert.Equal(ErrorCode.LimitExceeded, failure.Code);
        Assert.True(link.Watches.IsEmpty);
    }

    [Fact]
    public async Task GetAsync_RefusedTogetherWithAWatch_IsRepeatedInPartsToo()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(Five).Admission;
        var reading = harness.Client.GetAsync(Five);
        var get = await link.Gets.NextAsync();
        (await link.Watches.NextAsync()).Fail(Refusal(most: 3));
        await AnswerWatchesAsync(link, 2);
        get.Fail(Refusal(most: 3));
        foreach (var part in (string[][])[Five[..3], Five[3..]])
        {
            get = await link.Gets.NextAsync();
            Assert.Equal(part, get.Request);
            get.Answer([.. part.Select(id => Wire.Entry(id, 1))]);
        }

        Assert.Equal(Five, (await Expect.SoonAsync(reading, "GetAsync")).Select(entry => entry.Id));
        await Expect.SoonAsync(watching, "WatchAsync");
    }

    [Fact]
    public async Task UnwatchAsync_HubTakesFewerIds_IsRepeatedInParts()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Five);
        var unwatching = harness.Client.UnwatchAsync(Five);
        (await link.Unwatches.NextAsync()).Fail(Refusal(most: 3));
        var told = new List<string>();
        for (var part = 0; part < 2; part++)
        {
            var call = await link.Unwatches.NextAsync();
            told.AddRange(call.Request);
            call.Answer(true);
        }

        await Expect.SoonAsync(unwatching, "UnwatchAsync");
        Assert.Equal(Five, told.Order());
    }

    [Fact]
    public async Task Resume_HubTakesFewerIds_IsRepeatedInPartsWithTheSameCursor()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Five);
        link.Lose();
        link = await harness.ReconnectAsync();
        (await link.Watches.NextAsync()).Fail(Refusal(most: 4));
        foreach (var part in (string[][])[Five[..4], Five[4..]])
        {
            var call = await link.Watches.NextAsync();
            Assert.Equal(part, call.Request.Ids);
            Assert.Equal("c1", call.Request.Cursor);
            call.Answer(Wire.Result("c2"));
        }

        await harness.WatchAsync(link, "c3", Wire.Id(5));
        Assert.Equal(6, harness.Client.Entries.Count);
        Assert.Equal(2, harness.LinkCount);
    }

    [Fact]
    public async Task Closed_MessageTooLarge_ReconnectsSoonAndSendsParts()
    {
        await using var harness = new ClientHarness(luck: 0.5);
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(Five).Admission;
        await link.Watches.NextAsync();
        link.Lose(TooLarge(most: 3));
        Assert.Equal(TimeSpan.FromMilliseconds(500), await harness.Time.PassNextWaitAsync());
        Assert.Equal(PresenceHubException.Disconnected, harness.Client.Status.Error?.Code);

        link = await harness.Links.NextAsync();
        link.Accept();
        Assert.Equal([Five[..3], Five[3..]], await AnswerWatchesAsync(link, 2));
        Assert.Equal(Five, (await Expect.SoonAsync(watching, "WatchAsync")).Entries.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Closed_MessageTooLargeThoughTheLimitWasKept_IsShownAndAskedAgainOnceAMinute()
    {
        await using var harness = new ClientHarness(luck: 0.5, maxIdsPerCall: 3);
        var link = await harness.ConnectAsync();
        link.Lose(TooLarge(most: 3));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(TimeSpan.FromSeconds(75), await harness.Time.Waits.NextAsync());
            Assert.Equal(ErrorCode.LimitExceeded, harness.Client.Status.Error?.Code);
            harness.Time.Advance(TimeSpan.FromSeconds(75));
            link = await harness.Links.NextAsync();
            link.Accept();

            // A connection that was refused after it opened counts once it has lasted.
            Assert.Equal(TimeSpan.FromSeconds(1), await harness.Time.Waits.NextAsync());
            link.Lose(TooLarge(most: 3));
        }
    }

    private static PresenceHubException Refusal(int most) =>
        PresenceHubException.From(
            new HubException(
                $"An unexpected error occurred. HubException: limitExceeded: ids holds 5 entries; one call may carry {most}"
            )
        );

    private static HubException TooLarge(int most) =>
        new(
            "The server closed the connection with the following error: Connection closed with an error. HubException: "
                + $"limitExceeded: a message is larger than 65536 bytes; one call may carry {most}"
        );

    /// <summary>Answers this many calls, and returns their ids.</summary>
    private static async Task<List<IReadOnlyList<string>>> AnswerWatchesAsync(FakeLink link, int count)
    {
        var asked = new List<IReadOnlyList<string>>();
        for (var i = 0; i < count; i++)
        {
            var call = await link.Watches.NextAsync();
            asked.Add(call.Request.Ids);
            call.Answer(Wire.Result("c1", [.. call.Request.Ids.Select(id => Wire.Entry(id, 1))]));
        }

        return asked;
    }
}
