using PresenceHub.Client.Tests.Fakes;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests;

public sealed class LifecycleTests
{
    [Fact]
    public async Task StartAsync_Cancelled_StopsConnecting()
    {
        await using var harness = new ClientHarness();
        using var cancellation = new CancellationTokenSource();
        var starting = harness.Client.StartAsync(cancellation.Token);
        var link = await harness.Links.NextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(starting, "StartAsync"));
        Assert.True(link.Disposed.IsCompleted);
        Assert.Equal(PresenceConnectionState.Stopped, harness.Client.Status.State);
    }

    [Fact]
    public async Task StartAsync_Running_Throws()
    {
        await using var harness = new ClientHarness();
        await harness.ConnectAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Client.StartAsync());
    }

    [Fact]
    public async Task StopAsync_DuringConnect_CancelsTheStart()
    {
        await using var harness = new ClientHarness();
        var starting = harness.Client.StartAsync();
        var link = await harness.Links.NextAsync();
        await Expect.SoonAsync(harness.Client.StopAsync(), "StopAsync");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(starting, "StartAsync"));
        Assert.True(link.Disposed.IsCompleted);
    }

    [Fact]
    public async Task StopAsync_DuringBackoff_Ends()
    {
        await using var harness = new ClientHarness();
        (await harness.ConnectAsync()).Lose();
        await harness.Time.Waits.NextAsync();
        await Expect.SoonAsync(harness.Client.StopAsync(), "StopAsync");
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, harness.LinkCount);
    }

    [Fact]
    public async Task StartAsync_AfterStop_ResumesTheList()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await Expect.SoonAsync(harness.Client.StopAsync(), "StopAsync");
        var request = (await (await harness.ConnectAsync()).Watches.NextAsync()).Request;
        Assert.Equal([Wire.A], request.Ids);
        Assert.Equal("c1", request.Cursor);
    }

    [Fact]
    public async Task StopAsync_CallsWaiting_CancelsThem()
    {
        await using var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        var watching = harness.Client.WatchAsync([Wire.A]);
        await link.Watches.NextAsync();
        await Expect.SoonAsync(harness.Client.StopAsync(), "StopAsync");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Expect.SoonAsync(watching, "WatchAsync"));
    }

    [Fact]
    public async Task DisposeAsync_DuringResume_EndsEverything()
    {
        var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        link.Lose();
        link = await harness.ReconnectAsync();
        var resume = await link.Watches.NextAsync();
        var watching = harness.Client.WatchAsync([Wire.B]);
        await Expect.SoonAsync(harness.DisposeAsync().AsTask(), "DisposeAsync");

        resume.Answer(Wire.Result("c2", Wire.Entry(Wire.A, 2)));
        Assert.True(link.Disposed.IsCompleted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Expect.SoonAsync(watching, "WatchAsync"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => harness.Client.WatchAsync([Wire.C]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => harness.Client.StartAsync());
    }

    [Fact]
    public async Task DisposeAsync_LateCallbacks_ChangeAndRaiseNothing()
    {
        var harness = new ClientHarness();
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1));
        await Expect.SoonAsync(harness.DisposeAsync().AsTask(), "DisposeAsync");

        await link.Client.PresenceChanged([Wire.Entry(Wire.A, 2)]);
        await link.Client.Bookmark("c2");
        await link.Client.Revoked([Wire.A]);
        await link.Client.Draining(new DrainNotice(0));
        harness.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Wire.Entry(Wire.A, 1), harness.Client.Entries[Wire.A]);
        Assert.True(harness.Changes.IsEmpty);
        Assert.True(harness.Revocations.IsEmpty);
        Assert.True(harness.Drains.IsEmpty);
    }

    [Fact]
    public async Task DisposeAsync_Twice_IsFine()
    {
        var harness = new ClientHarness();
        await harness.ConnectAsync();
        await Expect.SoonAsync(
            Task.WhenAll(harness.DisposeAsync().AsTask(), harness.DisposeAsync().AsTask()),
            "both DisposeAsync"
        );
        await harness.DisposeAsync();
    }

    [Fact]
    public async Task Events_ListenerThrows_OthersAreStillRaised()
    {
        await using var harness = new ClientHarness();
        harness.Client.ConnectionStateChanged += (_, _) => throw new InvalidOperationException("listener");
        var link = await harness.ConnectAsync();
        await harness.WatchAsync(link, "c1", Wire.A);
        await harness.ChangedToAsync(Wire.Entry(Wire.A, 1));
    }

    [Fact]
    public void Constructor_OptionOutsideItsRange_ThrowsWithItsName()
    {
        var uri = new Uri("http://hub.test/");
        AssertRefused("ReconnectBase", new() { Url = uri, ReconnectBase = TimeSpan.Zero });
        AssertRefused("ReconnectCap", new() { Url = uri, ReconnectCap = TimeSpan.Zero });
        AssertRefused("ReconnectBase", new() { Url = uri, ReconnectCap = TimeSpan.FromMilliseconds(999) });
        AssertRefused("MaxIdsPerCall", new() { Url = uri, MaxIdsPerCall = 0 });
        AssertRefused("Url", new() { Url = new Uri("/hubs/presence", UriKind.Relative) });

        static void AssertRefused(string name, PresenceClientOptions options) =>
            Assert.Throws<ArgumentException>(name, () => new PresenceClient(options));
    }
}
