using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>
/// The probe, on every server it runs on. The position check is out of the way here: what arrives does so because the
/// probe has mended the subscription.
/// </summary>
public abstract class SubscriptionProbeContract(string connectionString) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly StoreSettings _settings = StoreNode.NewSettings();
    private StoreNodePair _nodes = null!;

    public async Task InitializeAsync()
    {
        _settings.Options.PositionCheckPeriod = TimeSpan.FromHours(1);
        _settings.Options.UnconfirmedAfter = TimeSpan.FromHours(1);
        _settings.Options.ProbeTimeout = TimeSpan.FromSeconds(1);
        _nodes = await StoreNodePair.StartAsync(connectionString, connectionString, _settings);
        await _nodes.Reader.Follower.Subscribed;
        await _nodes.Changes.FirstAsync(_ => true);
    }

    public async Task DisposeAsync() => await _nodes.DisposeAsync();

    [Fact]
    public async Task ProbeOnceAsync_SubscriptionWorks_FindsNothing()
    {
        for (var i = 0; i < 3; i++)
        {
            await _nodes.Reader.Probe.ProbeOnceAsync(None);
            Assert.Null(_nodes.Reader.Probe.Failure);
        }
    }

    [Fact]
    public async Task ProbeOnceAsync_SubscriptionsGone_SaysSoAndMendsThem()
    {
        await _nodes.Reader.Probe.ProbeOnceAsync(None);
        await _nodes.Reader.Redis.GetSubscriber().UnsubscribeAllAsync();
        await _nodes.WriteAsync("Missed");

        await _nodes.Reader.Probe.ProbeOnceAsync(None);

        Assert.NotNull(_nodes.Reader.Probe.Failure);
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Missed");
        await _nodes.Reader.Probe.ProbeOnceAsync(None);
        Assert.Null(_nodes.Reader.Probe.Failure);
        await _nodes.WriteAsync("Heard");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Heard");
    }

    [Fact]
    public async Task Receive_MessageOfAnotherVersion_IsIgnored()
    {
        await _nodes.Reader.Probe.ProbeOnceAsync(None);
        var channel = _nodes.Reader.Channels.OfProbe(0, _nodes.Reader.ProbeChannels.Node);
        foreach (var text in new[] { "2\t1", "", "1\t", "1\t-1", "nonsense" })
        {
            await _nodes.Writer.Redis.GetSubscriber().PublishAsync(channel, text);
        }

        await _nodes.Reader.Probe.ProbeOnceAsync(None);

        Assert.Null(_nodes.Reader.Probe.Failure);
    }
}
