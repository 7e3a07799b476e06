using System.Globalization;
using System.Text.Json;
using PresenceHub.Client;
using PresenceHub.Contracts;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Faults;

/// <summary>
/// A server with its emulated Graph, and a client that watches part of the company. The company stands still but for
/// the changes that a run makes, so that after the last one there is exactly one right picture.
/// </summary>
internal sealed class FaultyGraph : IAsyncDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    /// <summary>What is promised: right again within a reconcile period and ten seconds after the last fault.</summary>
    public static readonly TimeSpan Convergence = Period + TimeSpan.FromSeconds(10);

    /// <summary>The application that the emulator knows.</summary>
    public const string ClientId = "c11e0000-0000-4000-8000-00000000c0de";

    /// <summary>The tenant that the emulator plays.</summary>
    public const string TenantId = "7e7a0000-0000-4000-8000-00000000c0de";

    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(4);

    private const int People = 60;
    private const int Watched = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(25);

    private static readonly (string Availability, string Activity)[] States =
    [
        ("Available", "Available"),
        ("Busy", "InACall"),
        ("Busy", "InAMeeting"),
        ("DoNotDisturb", "Presenting"),
        ("Away", "Away"),
        ("BeRightBack", "BeRightBack"),
        ("Offline", "Offline"),
        ("Offline", "OffWork"),
        ("SomethingNew", "AlsoNew"),
    ];

    private readonly HubServer _server;
    private readonly WatchingClient _client;
    private readonly HashSet<string> _deleted = [];
    private string[] _watched = [];
    private string _counts = string.Empty;
    private long _countedAt;
    private int _runs;

    private FaultyGraph(HubServer server, WatchingClient client) => (_server, _client) = (server, client);

    public IReadOnlyList<string> Ids => _watched;

    public HubServer Server => _server;

    public EmulatorControl Emulator => _server.Emulator;

    /// <param name="ownProcess">Whether the server has a process of its own, so that its load does not delay other
    /// tests.</param>
    /// <param name="settings">Environment variables of the server.</param>
    public static async Task<FaultyGraph> StartAsync(bool ownProcess, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>
        {
            ["Emulator__People"] = People.ToString(CultureInfo.InvariantCulture),
            ["Emulator__NotificationLatency"] = "00:00:00.005",
            ["Polling__Period"] = Period.ToString("c", CultureInfo.InvariantCulture),
            ["Notifications__MinRecreateInterval"] = "00:00:01",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var server = await (ownProcess ? HubServer.StartAsync(all) : HubServer.StartInProcessAsync(all));
        var graph = new FaultyGraph(server, await WatchingClient.ConnectAsync(server));
        graph._watched = (await server.PeopleAsync())[..Watched];
        await graph._client.Client.WatchAsync(graph._watched);
        await graph.ExpectConvergenceAsync();
        if (!all.TryGetValue("Notifications__Enabled", out var enabled) || enabled is "true")
        {
            await server.Emulator.WaitUntilCoveredAsync(graph._watched);
        }

        return graph;
    }

    /// <summary>Changes people before and while a fault is in force, ends it, and expects the client to see everybody
    /// right in time.</summary>
    /// <param name="seed">Decides which people change to what, and which the fault hits.</param>
    /// <param name="fault">Body for the emulator, without the seed.</param>
    /// <param name="operation">The fault is in force until this many requests of this operation came; null: no request
    /// is waited for.</param>
    public async Task RunAsync(
        int seed,
        Dictionary<string, object> fault,
        string? operation = null,
        int requests = 2,
        Func<Task>? during = null
    )
    {
        var random = new Random(seed);
        var before = operation is null ? 0 : await Emulator.RequestsAsync(operation);
        await Emulator.SetFaultsAsync(new Dictionary<string, object>(fault) { ["seed"] = seed });
        await ChangeAsync(random, 15);
        if (operation is not null)
        {
            await UntilAsync($"{requests} requests {operation} come", async () =>
                await Emulator.RequestsAsync(operation) >= before + requests
            );
        }

        await (during?.Invoke() ?? Task.CompletedTask);
        await ChangeAsync(random, 15);
        await SettleAsync();
        await Emulator.EndFaultsAsync();
        await ExpectConvergenceAsync();
        var right = _client.Entries.All.Count;
        await UntilAsync("all notifications are delivered", IsQuietAsync);
        await ExpectConvergenceAsync();
        await ExpectNoHarmAsync();

        // Late news of an older state must not be shown for a moment either.
        var wanted = await WantedAsync();
        Assert.All(_client.Entries.All.Skip(right), entry =>
            Assert.Equal(wanted(entry.Id), Shown(entry), ignoreCase: true)
        );
    }

    public async Task ChangeAsync(Random random, int times)
    {
        for (var change = 0; change < times; change++)
        {
            var id = _watched[random.Next(_watched.Length)];
            var (availability, activity) = States[random.Next(States.Length)];
            if (!_deleted.Contains(id))
            {
                await Emulator.SetPresenceAsync(id, availability, activity);
            }
        }
    }

    /// <summary>Gives each person a state that no person had before. A person that changed from one state to another
    /// and back would look right too early.</summary>
    public async Task SettleAsync()
    {
        // Graph's values are letters only.
        var activity =
            $"Run{new string([.. (++_runs).ToString(CultureInfo.InvariantCulture).Select(digit => (char)(digit - '0' + 'A'))])}";
        foreach (var id in _watched.Where(id => !_deleted.Contains(id)))
        {
            await Emulator.SetPresenceAsync(id, "Busy", activity);
        }
    }

    public async Task DeleteAsync(string id)
    {
        await Emulator.DeletePersonAsync(id);
        _deleted.Add(id);
    }

    /// <summary>What became of the notifications so far, by the server's own count.</summary>
    public async Task<long> NotificationsAsync(string outcome)
    {
        var lines = (await _server.Http.GetStringAsync("/metrics")).Split('\n');
        return lines
            .Where(line =>
                line.StartsWith("presencehub_ingest_notifications", StringComparison.Ordinal)
                && line.Contains($"outcome=\"{outcome}\"", StringComparison.Ordinal)
            )
            .Sum(line =>
                (long)
                    double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture)
            );
    }

    /// <summary>Waits until something holds that no signal tells of; the name says what was waited for in
    /// vain.</summary>
    public async Task UntilAsync(string name, Func<Task<bool>> holds, TimeSpan? within = null)
    {
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(CheckPeriod);
        while (!await holds())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < (within ?? Patience),
                $"Not in time: {name}\n{string.Join('\n', _server.Output.TakeLast(30))}"
            );
            await timer.WaitForNextTickAsync();
        }
    }

    /// <param name="except">Of this person nothing is expected.</param>
    public async Task ExpectConvergenceAsync(string? except = null)
    {
        var wrong = string.Empty;
        var begun = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(CheckPeriod);
        while ((wrong = await DifferenceAsync(except)).Length > 0)
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(begun) < Convergence,
                $"Not right in time at {TimeProvider.System.GetUtcNow():HH:mm:ss.fff}: {wrong}\n{string.Join('\n', _server.Output.TakeLast(30))}"
            );
            await timer.WaitForNextTickAsync();
        }
    }

    public async Task ExpectNoHarmAsync()
    {
        foreach (var caller in await CallersAsync())
        {
            Assert.Equal(0, caller.GetProperty("insideRetryAfter").GetInt64());
        }

        Assert.Empty(_client.StepsBack);
        Assert.Equal(PresenceConnectionState.Connected, _client.Client.Status.State);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    /// <summary>Nothing is on its way from Graph to the hub.</summary>
    public async Task<bool> IsQuietAsync()
    {
        var counts = (await Emulator.CountersAsync()).GetProperty("notifications");
        if (counts.GetRawText() != _counts)
        {
            (_counts, _countedAt) = (counts.GetRawText(), TimeProvider.System.GetTimestamp());
        }

        // What waited for a subscription that has ended is counted nowhere: then nothing has come for longer than any
        // fault delays.
        return Count("postsUnderWay") is 0
            && (
                Count("queued") <= Count("accepted") + Count("lost") + Count("dropped")
                || TimeProvider.System.GetElapsedTime(_countedAt) > LongestDelay
            );

        long Count(string name) => counts.GetProperty(name).GetInt64();
    }

    /// <summary>Who is shown otherwise than Graph has it.</summary>
    private async Task<string> DifferenceAsync(string? except)
    {
        var wanted = await WantedAsync();
        var shown = _client.Client.Entries;
        return string.Join(
            ", ",
            _watched
                .Where(id => id != except)
                .Select(id =>
                    (Id: id, Wanted: wanted(id), Shown: shown.TryGetValue(id, out var entry) ? Shown(entry) : "nothing")
                )
                .Where(pair => !pair.Wanted.Equals(pair.Shown, StringComparison.OrdinalIgnoreCase))
                .Take(5)
                .Select(pair =>
                    $"{pair.Id} is shown as {pair.Shown} (observed {shown.GetValueOrDefault(pair.Id)?.ObservedAt:HH:mm:ss.fff}) and not as {pair.Wanted}"
                )
        );
    }

    private async Task<Func<string, string>> WantedAsync()
    {
        var people = (await Emulator.PresencesAsync()).ToDictionary(
            person => person.Id,
            person => $"{person.Availability}/{person.Activity}/live"
        );
        return id => _deleted.Contains(id) ? "PresenceUnknown/PresenceUnknown" : people[id];
    }

    /// <summary>Graph may know nothing of a deleted person or say that it does not know the presence: the one is
    /// unknown, the other live.</summary>
    private string Shown(PresenceEntry entry) =>
        _deleted.Contains(entry.Id)
            ? $"{entry.Availability}/{entry.Activity}"
            : $"{entry.Availability}/{entry.Activity}/{entry.Freshness}";

    private async Task<JsonElement[]> CallersAsync() =>
        [.. (await Emulator.CountersAsync()).GetProperty("callers").EnumerateArray()];
}
