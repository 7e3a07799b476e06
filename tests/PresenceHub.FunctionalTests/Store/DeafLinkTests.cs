using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Store;

/// <summary>A subscription link that stays open and answers, but brings no announcement any more.</summary>
public sealed class DeafLinkTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RedisServer _server = new();
    private readonly PubSubDeafness _deafness = new();
    private TcpProxy _proxy = null!;
    private StoreNodePair _nodes = null!;

    public async Task InitializeAsync()
    {
        await _server.InitializeAsync();
        _proxy = new TcpProxy(new Uri($"tcp://{_server.ConnectionString}"), _deafness);
        var settings = StoreNode.NewSettings();

        // The position check would find what is missing each time; here it runs too rarely to help.
        settings.Options.PositionCheckPeriod = TimeSpan.FromHours(1);
        settings.Options.UnconfirmedAfter = TimeSpan.FromHours(1);
        settings.Options.ProbePeriod = TimeSpan.FromMilliseconds(200);
        settings.Options.ProbeTimeout = TimeSpan.FromSeconds(1);
        _nodes = await StoreNodePair.StartAsync(_proxy.Address.Authority, _server.ConnectionString, settings);

        // The first probe subscribes: on a link that is deaf already, that alone would end it.
        await _nodes.Reader.Follower.Subscribed;
        await _nodes.Reader.Probe.ProbeOnceAsync(None);
        await _nodes.Reader.Probe.StartAsync(None);
        await _nodes.Changes.FirstAsync(_ => true);
        await _nodes.WriteAsync("Available");
        await _nodes.Changes.FirstAsync(entry => entry.Availability is "Available");
    }

    public async Task DisposeAsync()
    {
        await _nodes.DisposeAsync();
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Link_ThatStopsBringingAnnouncements_IsFoundAndMended()
    {
        for (var i = 0; i < 3; i++)
        {
            _deafness.Deafen();
            await _nodes.WriteAsync($"Missed{i}");

            await _nodes.Changes.FirstAsync(entry => entry.Availability == $"Missed{i}");
            await Eventually.GetAsync(() => Task.FromResult(_nodes.Reader.Probe.Failure), failure => failure is null);

            // The channels are subscribed one by one, with the check that the lost probe has asked for.
            await Eventually.GetAsync(() => Task.FromResult(_deafness.DeafLinks), links => links is 0);
            await _nodes.WriteAsync($"Heard{i}");
            await _nodes.Changes.FirstAsync(entry => entry.Availability == $"Heard{i}");
        }
    }
}
