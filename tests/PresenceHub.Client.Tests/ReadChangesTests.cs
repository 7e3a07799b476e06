using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class ReadChangesTests
{
    [Fact]
    public async Task ReadChangesAsync_SlowReader_GetsTheLatestOfEachSubjectOnly()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B);
        await using var reader = harness.Client.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal(Wire.Entry(Wire.A, 1), await NextAsync(reader));
        Assert.Equal(Wire.Entry(Wire.B, 1), await NextAsync(reader));
        for (var revision = 2; revision <= 1_000; revision++)
        {
            await link.Client.PresenceChanged([Wire.Entry(Wire.A, revision), Wire.Entry(Wire.B, revision)]);
        }

        Assert.Equal(Wire.Entry(Wire.A, 1_000), await NextAsync(reader));
        Assert.Equal(Wire.Entry(Wire.B, 1_000), await NextAsync(reader));
        var waiting = reader.MoveNextAsync().AsTask();
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 999), Wire.Entry(Wire.B, 1_001)]);
        Assert.True(await Expect.SoonAsync(waiting, "the next change"));
        Assert.Equal(Wire.Entry(Wire.B, 1_001), reader.Current);
    }

    [Fact]
    public async Task ReadChangesAsync_TwoReaders_AreIndependent()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await using var first = harness.Client.ReadChangesAsync().GetAsyncEnumerator();
        await using var second = harness.Client.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal(1, (await NextAsync(first)).Revision);
        Assert.Equal(1, (await NextAsync(second)).Revision);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2)]);
        Assert.Equal(2, (await NextAsync(first)).Revision);
        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 3)]);
        Assert.Equal(3, (await NextAsync(first)).Revision);
        Assert.Equal(3, (await NextAsync(second)).Revision);
    }

    [Fact]
    public async Task ReadChangesAsync_RevokedBeforeItWasRead_IsNotRead()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A, Wire.B, Wire.C);
        await using var reader = harness.Client.ReadChangesAsync().GetAsyncEnumerator();
        Assert.Equal(Wire.A, (await NextAsync(reader)).Id);
        await link.Client.Revoked([Wire.B]);
        Assert.Equal(Wire.C, (await NextAsync(reader)).Id);
    }

    [Fact]
    public async Task ReadChangesAsync_Cancelled_Throws()
    {
        await using var harness = new ClientHarness();
        using var cancellation = new CancellationTokenSource();
        await using var reader = harness.Client.ReadChangesAsync(cancellation.Token).GetAsyncEnumerator();
        var reading = reader.MoveNextAsync().AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(reading, "the cancelled read"));
    }

    [Fact]
    public async Task ReadChangesAsync_ClientDisposed_Ends()
    {
        var harness = new ClientHarness();
        await using var reader = harness.Client.ReadChangesAsync().GetAsyncEnumerator();
        var reading = reader.MoveNextAsync().AsTask();
        await harness.DisposeAsync();
        Assert.False(await Expect.SoonAsync(reading, "the end of the changes"));
    }

    private static async Task<PresenceEntry> NextAsync(IAsyncEnumerator<PresenceEntry> reader)
    {
        Assert.True(await Expect.SoonAsync(reader.MoveNextAsync().AsTask(), "the next change"));
        return reader.Current;
    }
}
