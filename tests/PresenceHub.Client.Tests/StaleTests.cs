using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class StaleTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Lost_LongerThanTheDeadline_TurnsLiveEntriesStale()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        await link.Client.PresenceChanged([Unknown(Wire.B, 2)]);
        link.Lose();
        await harness.Time.PassNextWaitAsync();
        await harness.Links.NextAsync();
        harness.Time.Advance(StaleAfter - TimeSpan.FromSeconds(1));
        Assert.Equal(Freshness.Live, harness.Client.Entries[Wire.A].Freshness);

        harness.Time.Advance(TimeSpan.FromSeconds(1));
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1, Freshness.Stale));
        Assert.Equal(Unknown(Wire.B, 2), harness.Client.Entries[Wire.B]);
    }

    [Fact]
    public async Task Resume_SubjectsLeftOutOfTheResult_GoBackToLive()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B, Wire.C);
        var next = await LoseUntilStaleAsync(harness, link);

        (await next.Watches.NextAsync()).Answer(
            Wire.Result("c2", Wire.Entry(Wire.B, 1, Freshness.Stale), Wire.Entry(Wire.C, 2))
        );
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1));
        Assert.Equal(Freshness.Stale, harness.Client.Entries[Wire.B].Freshness);
        Assert.Equal(Wire.Entry(Wire.C, 2), harness.Client.Entries[Wire.C]);
    }

    [Fact]
    public async Task Resume_LeftOutOfTheResultButPushedStaleSince_StaysStale()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        var next = await LoseUntilStaleAsync(harness, link);

        var resume = await next.Watches.NextAsync();
        await next.Client.PresenceChanged([Wire.Entry(Wire.A, 1, Freshness.Stale)]);
        resume.Answer(Wire.Result("c2"));
        await harness.ChangedToAsync(Wire.Entry(Wire.B, 1));
        Assert.Equal(Freshness.Stale, harness.Client.Entries[Wire.A].Freshness);
    }

    [Fact]
    public async Task Resume_StaleFromTheHubBeforeTheLoss_LeftOutMeansLive()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 1, Freshness.Stale)]);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1, Freshness.Stale));
        link.Lose();

        link = await harness.ReconnectAsync();
        (await link.Watches.NextAsync()).Answer(Wire.Result("c2"));
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1));
    }

    [Fact]
    public async Task Resume_BeforeTheDeadline_NothingTurnsStale()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        link.Lose();
        link = await harness.ReconnectAsync();
        (await link.Watches.NextAsync()).Answer(Wire.Result("c2"));
        await harness.WatchAsync(link, "c3", Wire.B);

        harness.Time.Advance(StaleAfter + StaleAfter);
        Assert.Equal(Freshness.Live, harness.Client.Entries[Wire.A].Freshness);
    }

    [Fact]
    public async Task Resume_AnswersNothingUntilTheDeadline_TurnsStaleThoughConnected()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        link.Lose();
        link = await harness.ReconnectAsync();
        await link.Watches.NextAsync();

        harness.Time.Advance(StaleAfter);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1, Freshness.Stale));
        Assert.Equal(PresenceConnectionState.Connected, harness.Client.Status.State);
    }

    [Fact]
    public async Task StopAsync_ForLongerThanTheDeadline_TurnsStale()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await Expect.SoonAsync(harness.Client.StopAsync(), "StopAsync");
        harness.Time.Advance(StaleAfter);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1, Freshness.Stale));
    }

    private static PresenceEntry Unknown(string id, long revision) =>
        new(
            id,
            PresenceToken.PresenceUnknown,
            PresenceToken.PresenceUnknown,
            Freshness.Unknown,
            null,
            null,
            1,
            revision
        );

    private static async Task<FakeLink> LoseUntilStaleAsync(ClientHarness harness, FakeLink link)
    {
        link.Lose();
        await harness.Time.PassNextWaitAsync();
        var next = await harness.Links.NextAsync();
        harness.Time.Advance(StaleAfter);
        await harness.Changes.FirstAsync(entries => entries.All(entry => entry.Freshness == Freshness.Stale));
        next.Accept();
        return next;
    }
}
