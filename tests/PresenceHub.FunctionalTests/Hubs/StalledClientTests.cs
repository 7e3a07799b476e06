using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.FunctionalTests.Store;
using PresenceHub.Server.Control;
using PresenceHub.Server.Store;
using PresenceHub.Testing;
using Xunit.Abstractions;

namespace PresenceHub.FunctionalTests.Hubs;

/// <summary>Clients that stop reading while everything changes: what they cost the server, the others, and how they
/// end.</summary>
public sealed partial class StalledClientTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Stalled = 20;
    private const int Rounds = 40;

    /// <summary>As many as an address holds.</summary>
    private const int StreamSubjects = 150;

    /// <summary>A list of 1,000 with the pipes of Kestrel and SignalR, and what the collector leaves lying; all that is
    /// sent meanwhile would be 10 MB.</summary>
    private const long MaxBytesEach = 1024 * 1024;

    /// <summary>What is in pipes and sockets cannot be replaced by something newer.</summary>
    private const long MaxBytesOnTheWay = 512 * 1024;

    private readonly string[] _subjects = [.. Enumerable.Range(0, 1000).Select(_ => $"{Guid.NewGuid()}")];
    private readonly RedisServer _redis = new();
    private HubServer _server = null!;
    private StoreNode _store = null!;

    public async Task InitializeAsync()
    {
        await _redis.StartAsync();
        _store = await StoreNode.ConnectAsync(
            _redis.ConnectionString,
            new StoreSettings(new RedisNames(), new StoreOptions())
        );

        // With the lease taken no node reads Graph, so only the test writes.
        await _store.Redis.GetDatabase().StringSetAsync("ph:ingest:leader", "test");
        await _store.Store.ReadAsync(0, [], CancellationToken.None);
        await ChangeAsync(_subjects, "First");
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        await _server.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Clients_ThatStopReading_CostABoundedAmountAndDelayNoOther()
    {
        _server = await HubServer.StartAsync(
            new Dictionary<string, string>
            {
                ["Redis__ConnectionString"] = _redis.ConnectionString,

                // None is closed while it is measured, however slow the machine is.
                ["Fanout__StuckAfter"] = "00:05:00",

                // A collector that leaves little garbage lying about: what is resident is what is held.
                ["DOTNET_gcServer"] = "0",
                ["DOTNET_GCgen0size"] = "400000",
            }
        );
        await using var healthy = await WatchingClient.ConnectAsync(_server);
        await healthy.Client.WatchAsync(_subjects);
        var clients = await Task.WhenAll(
            Enumerable.Range(0, Stalled).Select(_ => StalledClient.WatchAsync(_server, _subjects))
        );
        for (var round = 0; round < Rounds; round++)
        {
            await ChangeAllAsync(healthy, $"Warm{round}");
        }

        await Eventually.GetAsync(() => MetricAsync("presencehub_outbox_pending"), pending => pending is 0);
        var among = await MeasureAsync(healthy, "Among");
        var before = ResidentBytes();
        Array.ForEach(clients, client => client.Stall());
        var grown = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            await ChangeAllAsync(healthy, $"Flood{round}");
            grown.Add(ResidentBytes() - before);
        }

        // The median of the later half: what accumulates raises it, and a late collection on a busy machine does not.
        var each = grown.Skip(Rounds / 2).Order().ElementAt(Rounds / 4) / Stalled;

        var all = Stalled * _subjects.Length;
        await Eventually.GetAsync(() => MetricAsync("presencehub_outbox_pending"), pending => pending == all);
        var beside = await MeasureAsync(healthy, "Beside");
        Assert.Equal(Stalled + 1, await MetricAsync("presencehub_connections"));
        output.WriteLine(
            $"each of {Stalled} that stalled: {each / 1024} KB more; a change arrives after {among.TotalMilliseconds:F1} ms while all read, {beside.TotalMilliseconds:F1} ms beside the stalled (median)"
        );
        Assert.True(each <= MaxBytesEach, $"Each stalled client costs {each} bytes");

        // One reads again in time: what it has to read before the present states was on the way.
        var onTheWay = await clients[0].ReadUntilShownAsync($"Flood{Rounds - 1}", TimeSpan.FromSeconds(30));
        output.WriteLine($"{onTheWay / 1024} KB were on the way to a client that reads again");
        Assert.InRange(onTheWay, 1, MaxBytesOnTheWay);
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task Clients_ThatStopReading_AreClosedAndNoOtherIs()
    {
        _server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = _redis.ConnectionString }
        );
        await using var healthy = await WatchingClient.ConnectAsync(_server);
        await healthy.Client.WatchAsync(_subjects);
        var clients = await Task.WhenAll(
            Enumerable.Range(0, Stalled).Select(_ => StalledClient.WatchAsync(_server, _subjects))
        );
        using var http = new HttpMessageInvoker(
            new SocketsHttpHandler { ConnectCallback = StalledClient.ConnectAsync }
        );
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(_server.Address, $"/api/presence/stream?ids={string.Join(',', _subjects[..StreamSubjects])}")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            (await _server.SignInAsync()).AccessToken
        );
        using var stream = await http.SendAsync(request, CancellationToken.None);
        Assert.Equal(Stalled + 2, await MetricAsync("presencehub_connections"));

        Array.ForEach(clients, client => client.Stall());
        for (var round = 0; round < Rounds; round++)
        {
            await ChangeAllAsync(healthy, $"Flood{round}");
        }

        await Eventually.GetAsync(() => MetricAsync("presencehub_connections"), open => open is 1);
        var left = await Task.WhenAll(clients.Select(client => client.ReadToEndAsync(TimeSpan.FromSeconds(30))));
        output.WriteLine($"{left.Min() / 1024} to {left.Max() / 1024} KB reached each that was closed");
        Assert.InRange(left.Max(), 0, MaxBytesOnTheWay);
        Assert.Equal(Stalled + 1, await MetricAsync("presencehub_connections_closed_total"));

        // At most one line a minute, whatever clients do.
        Assert.Equal(
            1,
            _server.Output.Count(line =>
                line.Contains("has accepted nothing for too long and is closed", StringComparison.Ordinal)
            )
        );
        Assert.Contains(PresenceConnectionState.Connected, healthy.States.All);
        Assert.DoesNotContain(PresenceConnectionState.Reconnecting, healthy.States.All);
        Array.ForEach(clients, client => client.Dispose());
    }

    private async Task ChangeAllAsync(WatchingClient healthy, string availability)
    {
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        healthy.Client.EntriesChanged += Look;
        await ChangeAsync(_subjects, availability);
        await shown.Task.WaitAsync(TimeSpan.FromSeconds(30));
        healthy.Client.EntriesChanged -= Look;

        void Look(object? sender, EntriesChangedEventArgs changed)
        {
            if (healthy.Client.Entries.Values.All(entry => entry.Availability == availability))
            {
                shown.TrySetResult();
            }
        }
    }

    private async Task<TimeSpan> MeasureAsync(WatchingClient healthy, string name)
    {
        const int Samples = 21;
        var times = new List<TimeSpan>();
        for (var i = 0; i < Samples; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await ChangeAsync([_subjects[0]], $"{name}{i}");
            await healthy.ShowsAsync(_subjects[0], $"{name}{i}");
            times.Add(Stopwatch.GetElapsedTime(started));
        }

        return times.Order().ElementAt(Samples / 2);
    }

    private async Task ChangeAsync(string[] ids, string availability)
    {
        var outcomes = await _store.Store.ApplyAsync(
            [
                .. ids.Select(id => new Observation(
                    new SubjectId(Guid.Parse(id)),
                    availability,
                    availability,
                    null,
                    _store.Clock.Now,
                    ObservationSource.Poll
                )),
            ],
            CancellationToken.None
        );
        Assert.NotEmpty(outcomes);
        Assert.All(outcomes, outcome => Assert.Equal(ApplyOutcome.Applied, outcome));
    }

    private long ResidentBytes()
    {
        using var process = Process.GetProcessById(_server.ProcessId);
        return process.WorkingSet64;
    }

    private async Task<long> MetricAsync(string name)
    {
        var samples = Sample()
            .Matches(await _server.Http.GetStringAsync("/metrics"))
            .Where(sample => sample.Groups[1].Value == name);
        return samples.Sum(sample => (long)double.Parse(sample.Groups[2].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(\w+)(?:\{[^}]*\})? ([0-9.]+)", RegexOptions.Multiline)]
    private static partial Regex Sample();
}
