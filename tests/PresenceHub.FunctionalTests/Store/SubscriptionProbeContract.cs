using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>
/// The probe, on every server it runs on. The position check is out of the way here: what arrives does so because the probe has mended
/// the subscription.
/// </summary>
public abstract class SubscriptionProbeContract(string connectionString) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly SubjectId _subject = new(Guid.NewGuid());
    private readonly StoreOptions _options = StoreNode.NewOptions();
    private readonly Signals<StoredEntry> _changes = new();
    private StoreNode _reader = null!;
    private StoreNode _writer = null!;

    public async Task InitializeAsync()
    {
        _options.PositionCheckPeriod = TimeSpan.FromHours(1);
        _options.UnconfirmedAfter = TimeSpan.FromHours(1);
        _options.ProbeTimeout = TimeSpan.FromSeconds(1);
        _reader = await StoreNode.ConnectAsync(connectionString, _options);
        _writer = await StoreNode.ConnectAsync(connectionString, _options);
        await _writer.Store.ReadAsync(0, [], None);
        _reader.Mirror.Changed += entries =>
        {
            foreach (var entry in entries)
            {
                _changes.Add(entry);
            }
        };
        _reader.Mirror.Track([_subject]);
        await _reader.Follower.StartAsync(None);
        await _reader.Follower.Subscribed;
        await _changes.FirstAsync(_ => true);
    }

    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
    }

    [Fact]
    public async Task ProbeOnceAsync_SubscriptionWorks_FindsNothing()
    {
        for (var i = 0; i < 3; i++)
        {
            await _reader.Probe.ProbeOnceAsync(None);
            Assert.Null(_reader.Probe.Failure);
        }
    }

    [Fact]
    public async Task ProbeOnceAsync_SubscriptionsGone_SaysSoAndMendsThem()
    {
        await _reader.Probe.ProbeOnceAsync(None);
        await _reader.Redis.GetSubscriber().UnsubscribeAllAsync();
        await WriteAsync("Missed");

        await _reader.Probe.ProbeOnceAsync(None);

        Assert.NotNull(_reader.Probe.Failure);
        await _changes.FirstAsync(entry => entry.Availability is "Missed");
        await _reader.Probe.ProbeOnceAsync(None);
        Assert.Null(_reader.Probe.Failure);
        await WriteAsync("Heard");
        await _changes.FirstAsync(entry => entry.Availability is "Heard");
    }

    [Fact]
    public async Task Receive_MessageOfAnotherVersion_IsIgnored()
    {
        await _reader.Probe.ProbeOnceAsync(None);
        var channel = _reader.Channels.OfProbe(0, _reader.Probe.Node);
        foreach (var text in new[] { "2\t1", "", "1\t", "1\t-1", "nonsense" })
        {
            await _writer.Redis.GetSubscriber().PublishAsync(channel, text);
        }

        await _reader.Probe.ProbeOnceAsync(None);

        Assert.Null(_reader.Probe.Failure);
    }

    private async Task WriteAsync(string availability) => await _writer.Store.ApplyAsync(
        [new Observation(_subject, availability, availability, null, _writer.Clock.Now, ObservationSource.Poll)], None);
}
