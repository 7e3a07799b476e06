using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class ResumeTests
{
    [Fact]
    public async Task Resume_AfterLoss_SendsTheListAndTheLastBookmark()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        await link.Client.Bookmark("c2");
        link.Lose();

        var request = (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request;
        Assert.Equal([Wire.A, Wire.B], request.Ids);
        Assert.Equal("c2", request.Cursor);
    }

    [Fact]
    public async Task Resume_NoBookmarkYet_SendsTheCursorOfTheFirstResult()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await harness.WatchAsync(link, "c2", Wire.B);
        link.Lose();

        Assert.Equal("c1", (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request.Cursor);
    }

    [Fact]
    public async Task Resume_ManySubjects_GoesInChunksWithTheOldCursorAndAdoptsTheFirst()
    {
        await using var harness = new ClientHarness();
        var ids = Enumerable.Range(0, 2_500).Select(Wire.Id).ToArray();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(ids).Admission;
        await AnswerChunksAsync(link, "c", [1_000, 1_000, 500]);
        Assert.Equal(2_500, (await Expect.SoonAsync(watching, "WatchAsync")).Entries.Count);
        await link.Client.Bookmark("held");
        link.Lose();

        link = await harness.ReconnectAsync();
        var requests = await AnswerChunksAsync(link, "d", [1_000, 1_000, 500]);
        Assert.Equal(3, requests.Count);
        Assert.All(requests, request => Assert.Equal("held", request.Cursor));
        Assert.Equal(ids, requests.SelectMany(request => request.Ids));
        await harness.WatchAsync(link, "later", Wire.Id(9_999));
        link.Lose();

        Assert.Equal("d0", (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request.Cursor);
    }

    [Fact]
    public async Task Calls_HubTakesFewerIds_CarryNoMoreThanTheOptionSays()
    {
        await using var harness = new ClientHarness(maxIdsPerCall: 2);
        var ids = Enumerable.Range(0, 5).Select(Wire.Id).ToArray();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(ids).Admission;
        await AnswerChunksAsync(link, "c", [2, 2, 1]);
        await Expect.SoonAsync(watching, "WatchAsync");
        link.Lose();

        await AnswerChunksAsync(await harness.ReconnectAsync(), "d", [2, 2, 1]);
    }

    [Fact]
    public async Task Resume_LostBetweenChunks_KeepsTheOldCursorWhateverWasBookmarked()
    {
        await using var harness = new ClientHarness();
        var ids = Enumerable.Range(0, 1_500).Select(Wire.Id).ToArray();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.Watch(ids).Admission;
        await AnswerChunksAsync(link, "c", [1_000, 500]);
        await Expect.SoonAsync(watching, "WatchAsync");
        link.Lose();

        link = await harness.ReconnectAsync();
        await AnswerChunksAsync(link, "d", [1_000]);
        await link.Watches.NextAsync();
        await link.Client.Bookmark("too new for the second chunk");
        link.Lose();

        Assert.Equal("c0", (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request.Cursor);
    }

    [Fact]
    public async Task Resume_Unavailable_IsRepeatedOnTheSameConnection()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        link.Lose();

        link = await harness.ReconnectAsync();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            (await link.Watches.NextAsync()).Fail(Wire.Error(ErrorCode.Unavailable));
            Assert.Equal(TimeSpan.FromSeconds(0.5 * (1 << attempt)), await harness.Time.PassNextWaitAsync());
        }

        (await link.Watches.NextAsync()).Answer(Wire.Result("c2", Wire.Entry(Wire.A, 7)));
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 7));
        Assert.Equal(2, harness.LinkCount);
    }

    [Fact]
    public async Task Resume_PushedStaleDuringAnAttemptThatFails_IsLiveByTheAnswerToTheNext()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1));
        link.Lose();

        link = await harness.ReconnectAsync();
        var failing = await link.Watches.NextAsync();
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 1, Freshness.Stale)]);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1, Freshness.Stale));
        failing.Fail(Wire.Error(ErrorCode.Unavailable));
        await harness.Time.PassNextWaitAsync();
        (await link.Watches.NextAsync()).Answer(Wire.Result("c2"));

        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1));
    }

    [Fact]
    public async Task Resume_Rejected_LeavesTheListAndRaisesRevoked()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        link.Lose();

        link = await harness.ReconnectAsync();
        (await link.Watches.NextAsync()).Answer(Wire.Rejection("c2", RejectionReason.NotVisible, Wire.A));
        Assert.Equal([Wire.A], await harness.Revocations.NextAsync());
        Assert.Equal([Wire.B], harness.Client.Entries.Keys);
        await harness.WatchAsync(link, "c3", Wire.C);
        link.Lose();

        Assert.Equal(
            [Wire.B, Wire.C],
            (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request.Ids.Order()
        );
    }

    [Fact]
    public async Task Resume_WatchedMeanwhile_IsSentAfterwardsWithoutCursor()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        link.Lose();

        link = await harness.ReconnectAsync();
        var resume = await link.Watches.NextAsync();
        var watching = harness.Client.Watch([Wire.B]).Admission;
        resume.Answer(Wire.Result("c2"));
        var fresh = await link.Watches.NextAsync();
        Assert.Equal([Wire.B], fresh.Request.Ids);
        Assert.Null(fresh.Request.Cursor);
        fresh.Answer(Wire.Result("c3", Wire.Entry(Wire.B, 1)));
        Assert.Equal([Wire.Entry(Wire.B, 1)], (await Expect.SoonAsync(watching, "WatchAsync")).Entries);
    }

    [Fact]
    public async Task Revoked_WatchedSubject_IsForgottenAndNotResumed()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        await link.Client.Revoked([Wire.A, Wire.C]);
        Assert.Equal([Wire.A], await harness.Revocations.NextAsync());
        Assert.False(harness.Client.TryGetEntry(Wire.A, out _));
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 9)]);
        Assert.False(harness.Client.TryGetEntry(Wire.A, out _));
        link.Lose();

        Assert.Equal([Wire.B], (await (await harness.ReconnectAsync()).Watches.NextAsync()).Request.Ids);
    }

    private static async Task<List<WatchRequest>> AnswerChunksAsync(FakeLink link, string cursor, int[] sizes)
    {
        var requests = new List<WatchRequest>();
        foreach (var size in sizes)
        {
            var watch = await link.Watches.NextAsync();
            Assert.Equal(size, watch.Request.Ids.Count);
            requests.Add(watch.Request);
            watch.Answer(
                Wire.Result($"{cursor}{requests.Count - 1}", [.. watch.Request.Ids.Select(id => Wire.Entry(id, 1))])
            );
        }

        return requests;
    }
}
