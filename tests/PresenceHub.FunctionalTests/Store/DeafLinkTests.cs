using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>A subscription link that stays open and answers, but brings no announcement any more.</summary>
public sealed class DeafLinkTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisServer _server = new();
    private readonly SubjectId _subject = new(Guid.NewGuid());
    private readonly Signals<StoredEntry> _changes = new();
    private readonly PubSubDeafness _deafness = new();
    private TcpProxy _proxy = null!;
    private StoreNode _reader = null!;
    private StoreNode _writer = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _proxy = new TcpProxy(new Uri($"tcp://{_server.ConnectionString}"), _deafness);
        var options = StoreNode.NewOptions();

        // The position check would find what is missing, every time anew; here it is too rare to help.
        options.PositionCheckPeriod = TimeSpan.FromHours(1);
        options.UnconfirmedAfter = TimeSpan.FromHours(1);
        options.ProbePeriod = TimeSpan.FromMilliseconds(200);
        options.ProbeTimeout = TimeSpan.FromSeconds(1);
        _reader = await StoreNode.ConnectAsync(_proxy.Address.Authority, options);
        _writer = await StoreNode.ConnectAsync(_server.ConnectionString, options);
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

        // The first probe subscribes: on a link that is deaf already, that alone would end it.
        await _reader.Follower.Subscribed;
        await _reader.Probe.ProbeOnceAsync(None);
        await _reader.Probe.StartAsync(None);
        await _changes.FirstAsync(_ => true);
        await WriteAsync("Available");
        await _changes.FirstAsync(entry => entry.Availability is "Available");
    }

    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _writer.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Link_ThatStopsBringingAnnouncements_IsFoundAndMended()
    {
        for (var i = 0; i < 3; i++)
        {
            _deafness.Deafen();
            await WriteAsync($"Missed{i}");

            await _changes.FirstAsync(entry => entry.Availability == $"Missed{i}");
            await Eventually.GetAsync(() => Task.FromResult(_reader.Probe.Failure), failure => failure is null);
            Assert.Equal(0, _deafness.DeafLinks);
            await WriteAsync($"Heard{i}");
            await _changes.FirstAsync(entry => entry.Availability == $"Heard{i}");
        }
    }

    private async Task WriteAsync(string availability) => await _writer.Store.ApplyAsync(
        [new Observation(_subject, availability, availability, null, _writer.Clock.Now, ObservationSource.Poll)], None);
}
