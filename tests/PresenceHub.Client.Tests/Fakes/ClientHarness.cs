using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PresenceHub.Contracts;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>A client with a hub, a clock and random numbers that the test controls.</summary>
internal sealed class ClientHarness : IAsyncDisposable
{
    private int _linkCount;

    public ClientHarness(
        double luck = 0.5,
        TimeSpan? callTimeout = null,
        int maxIdsPerCall = 1_000,
        IMeterFactory? meters = null,
        ILogger? log = null
    )
    {
        var options = new PresenceClientOptions
        {
            Url = new Uri("http://hub.test/hubs/presence"),
            TimeProvider = Time,
            CallTimeout = callTimeout ?? ObservedTime.CallLimit,
            MaxIdsPerCall = maxIdsPerCall,
            MeterFactory = meters,
            LoggerFactory = log is null ? NullLoggerFactory.Instance : new OneLogger(log),
        };
        Client = new PresenceClient(options, NewLink, new FixedRandom(luck));
        Client.EntriesChanged += (_, change) => Changes.Add(change.Entries);
        Client.ConnectionStateChanged += (_, change) => States.Add(change.Status.State);
        Client.Revoked += (_, revoked) => Revocations.Add(revoked.Ids);
        Client.Draining += (_, draining) => Drains.Add(draining.ReconnectAfter);
    }

    public PresenceClient Client { get; }

    public ObservedTime Time { get; } = new();

    public Inbox<FakeLink> Links { get; } = new("a new link");

    public Inbox<IReadOnlyList<PresenceEntry>> Changes { get; } = new("EntriesChanged");

    public Inbox<PresenceConnectionState> States { get; } = new("ConnectionStateChanged");

    public Inbox<IReadOnlyList<string>> Revocations { get; } = new("Revoked");

    public Inbox<TimeSpan> Drains { get; } = new("Draining");

    public int LinkCount => Volatile.Read(ref _linkCount);

    public async Task<FakeLink> ConnectAsync()
    {
        var starting = Client.StartAsync();
        var link = await Links.NextAsync();
        link.Accept();
        await Expect.SoonAsync(starting, "StartAsync");
        return link;
    }

    public async Task<FakeLink> ReconnectAsync()
    {
        await Time.PassNextWaitAsync();
        var link = await Links.NextAsync();
        link.Accept();
        return link;
    }

    /// <summary>Watches and is answered with live entries of revision 1 and this cursor.</summary>
    public async Task WatchAsync(FakeLink link, string cursor, params string[] ids)
    {
        var watching = Client.WatchAsync(ids);
        (await link.Watches.NextAsync()).Answer(Wire.Result(cursor, [.. ids.Select(id => Wire.Entry(id, 1))]));
        await Expect.SoonAsync(watching, "WatchAsync");
    }

    public Task ChangedToAsync(PresenceEntry expected) => Changes.FirstAsync(entries => entries.Contains(expected));

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private FakeLink NewLink(IPresenceClient receiver, bool refreshToken)
    {
        var link = new FakeLink(receiver, refreshToken);
        Interlocked.Increment(ref _linkCount);
        Links.Add(link);
        return link;
    }
}
