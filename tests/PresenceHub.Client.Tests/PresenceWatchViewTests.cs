using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

/// <summary>Each watch has a view of its own subjects only.</summary>
public sealed class PresenceWatchViewTests
{
    [Fact]
    public async Task WatchAsync_TwoOverlappingWatches_ShareOneWatchAtTheHubAndShowTheirOwn()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await using var first = await WatchAsync(harness, link, Wire.A, Wire.B);
        var watching = harness.Client.WatchAsync([Wire.B.ToUpperInvariant(), Wire.C]);
        var call = await link.Watches.NextAsync();
        Assert.Equal([Wire.C], call.Request.Ids);
        call.Answer(Wire.Result("c2", Wire.Entry(Wire.C, 1)));
        await using var second = await Expect.SoonAsync(watching, "WatchAsync");

        Assert.Equal([Wire.A, Wire.B], first.Entries.Keys.Order());
        Assert.Equal([Wire.B, Wire.C], second.Entries.Keys.Order());
        Assert.True(second.TryGetEntry(Wire.B.ToUpperInvariant(), out _));
        Assert.False(second.TryGetEntry(Wire.A, out _));

        var ending = first.DisposeAsync();
        var unwatch = await link.Unwatches.NextAsync();
        Assert.Equal([Wire.A], unwatch.Request);
        unwatch.Answer(true);
        await Expect.SoonAsync(ending.AsTask(), "DisposeAsync");
        Assert.Empty(first.Entries);
        Assert.Equal([Wire.B, Wire.C], second.Entries.Keys.Order());
        Unhold(link);
    }

    [Fact]
    public async Task Entries_SubjectIsRejected_AreWithoutItAndItIsNamed()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watch = harness.Client.Watch([Wire.A]);
        Assert.Empty(watch.Rejected);
        (await link.Watches.NextAsync()).Answer(Wire.Rejection("c1", RejectionReason.NotVisible, Wire.A));
        await Expect.SoonAsync(watch.Admission, "the admission");
        Assert.Equal([new RejectedSubject(Wire.A, RejectionReason.NotVisible)], watch.Rejected);
        Assert.Empty(watch.Entries);
    }

    [Fact]
    public async Task ReadChanges_ChangesOfOtherSubjects_AreNotRead()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        var watch = await WatchAsync(harness, link, Wire.B);
        await using var reader = watch.GetAsyncEnumerator();
        Assert.Equal(Wire.Entry(Wire.B, 1), await NextAsync(reader));

        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2), Wire.Entry(Wire.B, 2)]);
        Assert.Equal(Wire.Entry(Wire.B, 2), await NextAsync(reader));
    }

    [Fact]
    public async Task ReadChanges_SlowReader_HoldsTheLatestOfEachSubjectOnly()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watch = await WatchAsync(harness, link, Wire.A, Wire.B);
        await using var reader = watch.GetAsyncEnumerator();
        await NextAsync(reader);
        for (var revision = 2; revision <= 10_000; revision++)
        {
            await link.Client.PresenceChanged([Wire.Entry(Wire.A, revision), Wire.Entry(Wire.B, revision)]);
        }

        PresenceEntry[] read = [await NextAsync(reader), await NextAsync(reader)];
        Assert.Equal([Wire.Entry(Wire.A, 10_000), Wire.Entry(Wire.B, 10_000)], read.OrderBy(entry => entry.Id));
        var next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 10_001)]);
        Assert.True(await Expect.SoonAsync(next.AsTask(), "MoveNextAsync"));
    }

    [Fact]
    public async Task ReadChanges_WatchIsDisposed_EndsAtOnce()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await using var other = await WatchAsync(harness, link, Wire.A);
        var watch = harness.Client.Watch([Wire.A]);
        await using var reader = watch.GetAsyncEnumerator();
        await NextAsync(reader);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2)]);
        await watch.DisposeAsync();

        Assert.False(await Expect.SoonAsync(reader.MoveNextAsync().AsTask(), "MoveNextAsync"));
        await using var late = watch.GetAsyncEnumerator();
        Assert.False(await Expect.SoonAsync(late.MoveNextAsync().AsTask(), "MoveNextAsync"));
        Unhold(link);
    }

    [Fact]
    public async Task ReadChanges_SubjectIsRevokedAndWatchedAgainElsewhere_ReadsNothingMoreOfIt()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watch = await WatchAsync(harness, link, Wire.A, Wire.B);
        await using var reader = watch.GetAsyncEnumerator();
        await NextAsync(reader);
        await NextAsync(reader);
        await link.Client.Revoked([Wire.A]);
        await harness.WatchAsync(link, "c2", Wire.A);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2), Wire.Entry(Wire.B, 2)]);

        Assert.Equal(Wire.Entry(Wire.B, 2), await NextAsync(reader));
        Assert.Equal([Wire.B], watch.Entries.Keys);
    }

    [Fact]
    public async Task ReadChanges_WatchIsRefusedAsAWhole_Ends()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watch = harness.Client.Watch([Wire.A]);
        await using var reader = watch.GetAsyncEnumerator();
        var next = reader.MoveNextAsync();
        (await link.Watches.NextAsync()).Fail(Wire.Error(ErrorCode.LimitExceeded));
        Assert.False(await Expect.SoonAsync(next.AsTask(), "MoveNextAsync"));
    }

    [Fact]
    public async Task ReadChanges_ClientIsDisposed_EndsAtOnce()
    {
        var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watch = await WatchAsync(harness, link, Wire.A);
        await Expect.SoonAsync(harness.DisposeAsync().AsTask(), "DisposeAsync");

        await using var late = watch.GetAsyncEnumerator();
        Assert.False(await Expect.SoonAsync(late.MoveNextAsync().AsTask(), "MoveNextAsync"));
    }

    private static async Task<PresenceWatch> WatchAsync(ClientHarness harness, FakeLink link, params string[] ids)
    {
        var watching = harness.Client.WatchAsync(ids);
        var call = await link.Watches.NextAsync();
        call.Answer(Wire.Result("c1", [.. call.Request.Ids.Select(id => Wire.Entry(id, 1))]));
        return await Expect.SoonAsync(watching, "WatchAsync");
    }

    // The watches that the test still holds do not wait for the hub when they are disposed.
    private static void Unhold(FakeLink link) => link.Lose();

    private static async Task<PresenceEntry> NextAsync(IAsyncEnumerator<PresenceEntry> reader)
    {
        Assert.True(await Expect.SoonAsync(reader.MoveNextAsync().AsTask(), "MoveNextAsync"));
        return reader.Current;
    }
}
