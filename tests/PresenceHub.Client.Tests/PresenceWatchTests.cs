using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class PresenceWatchTests
{
    [Fact]
    public async Task DisposeAsync_AnotherWatchOfTheSubject_StaysUntilTheLastHasEnded()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var first = harness.Client.Watch([Wire.A]);
        (await link.Watches.NextAsync()).Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        var second = harness.Client.Watch([Wire.A.ToUpperInvariant()]);
        await Expect.SoonAsync(Task.WhenAll(first.Admission, second.Admission), "both admissions");

        await first.DisposeAsync();
        await first.DisposeAsync();
        Assert.True(harness.Client.TryGetEntry(Wire.A, out _));
        var ending = second.DisposeAsync();
        Assert.False(harness.Client.TryGetEntry(Wire.A, out _));
        var unwatch = await link.Unwatches.NextAsync();
        Assert.Equal([Wire.A], unwatch.Request);
        unwatch.Answer(true);
        await Expect.SoonAsync(ending.AsTask(), "DisposeAsync");
        Assert.True(link.Watches.IsEmpty);
    }

    [Fact]
    public async Task UnwatchAsync_WatchedTwice_EndsOneWatch()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await Expect.SoonAsync(harness.Client.WatchAsync([Wire.A]), "WatchAsync");

        await Expect.SoonAsync(harness.Client.UnwatchAsync([Wire.A]), "UnwatchAsync");
        Assert.True(harness.Client.TryGetEntry(Wire.A, out _));
        var ending = harness.Client.UnwatchAsync([Wire.A]);
        Assert.False(harness.Client.TryGetEntry(Wire.A, out _));
        (await link.Unwatches.NextAsync()).Answer(true);
        await Expect.SoonAsync(ending, "UnwatchAsync");
    }

    [Fact]
    public async Task DisposeAsync_SubjectWasRevokedAndIsWatchedAgain_EndsNothing()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var old = harness.Client.Watch([Wire.A]);
        (await link.Watches.NextAsync()).Answer(Wire.Result("c1", Wire.Entry(Wire.A, 1)));
        await Expect.SoonAsync(old.Admission, "the admission");
        await link.Client.Revoked([Wire.A]);
        await harness.WatchAsync(link, "c2", Wire.A);

        await old.DisposeAsync();
        Assert.True(harness.Client.TryGetEntry(Wire.A, out _));
    }

    [Fact]
    public async Task DisposeAsync_WhileItWaits_CompletesWithWhatIsKnown()
    {
        await using var harness = new ClientHarness();
        var watch = harness.Client.Watch([Wire.A]);
        await watch.DisposeAsync();
        Assert.Empty((await Expect.SoonAsync(watch.Admission, "the admission")).Entries);
    }

    [Fact]
    public async Task Watch_RefusedAsAWhole_HoldsNothing()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        var refused = harness.Client.Watch([Wire.A, Wire.B]);
        (await link.Watches.NextAsync()).Fail(Wire.Error(ErrorCode.LimitExceeded));
        await Assert.ThrowsAsync<PresenceHubException>(() => Expect.SoonAsync(refused.Admission, "the admission"));
        Assert.True(harness.Client.TryGetEntry(Wire.A, out _));

        var ending = harness.Client.UnwatchAsync([Wire.A]);
        Assert.False(harness.Client.TryGetEntry(Wire.A, out _));
        (await link.Unwatches.NextAsync()).Answer(true);
        await Expect.SoonAsync(ending, "UnwatchAsync");
    }
}
