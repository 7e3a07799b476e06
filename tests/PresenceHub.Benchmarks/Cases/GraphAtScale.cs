using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using PresenceHub.Client;
using PresenceHub.GraphEmulator;
using PresenceHub.GraphEmulator.Control;
using PresenceHub.GraphEmulator.Notifications;
using PresenceHub.GraphEmulator.Presences;
using PresenceHub.GraphEmulator.Subscriptions;
using PresenceHub.Testing;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// 20,000 watched people in a Graph that fails at random: how many a subscription covers, how long a change takes to be
/// shown, and what that costs in requests. The emulator runs in this process, so that the time of each change is known
/// exactly.
/// </summary>
internal static class GraphAtScale
{
    private const int People = 20_000;
    private const int Accounts = 40;
    private const int PerClient = 1000;
    private const int PerRead = 650;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settling = Period + TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(1);

    /// <summary>Everybody changes about every four minutes.</summary>
    private static readonly TimeSpan ChangePeriod = TimeSpan.FromMilliseconds(12.5);

    private static readonly object[] Faults =
    [
        new { notifications = new { lose = 0.3 } },
        new { notifications = new { duplicate = 0.5, reorder = 0.5 } },
        new { notifications = new { delay = 0.5, delayUpTo = "00:00:20" } },
        new { notifications = new { wrongClientState = 0.3 } },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    status = 429,
                    retryAfter = 3,
                    probability = 0.2,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    status = 503,
                    probability = 0.5,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    body = "truncated",
                    probability = 0.3,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    dropResponse = true,
                    probability = 0.3,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "getPresencesByUserId",
                    latency = "00:00:02",
                    probability = 0.5,
                },
            },
        },
        new
        {
            requests = new[]
            {
                new
                {
                    operation = "*",
                    status = 500,
                    probability = 0.2,
                },
            },
        },
    ];

    public static async Task RunAsync(double minutes, int seed)
    {
        await using var emulator = await GraphEmulatorServer.StartAsync(
            new GraphEmulatorOptions
            {
                People = People,
                ServiceAccounts = Accounts,
                ChangePeriod = ChangePeriod,
                Seed = seed,
                Switches = { AllowHttpOnLoopback = true },
            },
            TimeProvider.System,
            null,
            CancellationToken.None
        );
        var root = Path.GetTempFileName();
        await File.WriteAllTextAsync(root, emulator.RootCertificatePem);
        var settings = new Dictionary<string, string>
        {
            ["Graph__BaseUrl"] = new Uri(emulator.BaseAddress, "/v1.0").ToString(),
            ["Graph__TrustedRootPath"] = root,
        };
        for (var account = 0; account < Accounts; account++)
        {
            settings[string.Create(CultureInfo.InvariantCulture, $"Graph__Accounts__{account}__UserId")] =
                emulator.ServiceAccountIds[account];
        }

        await using var server = await HubServer.StartAsync(settings);
        var picture = new Picture(emulator.Services.GetRequiredService<PresenceBoard>());
        var clients = new List<WatchingClient>();
        try
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var ids in picture.Ids.Chunk(PerClient))
            {
                var client = await WatchingClient.ConnectAsync(server);
                clients.Add(client);
                client.Client.EntriesChanged += (_, changed) => picture.Show(changed);
                await client.Client.WatchAsync(ids);
            }

            Print(
                $"{People} people watched over {clients.Count} connections after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s; {minutes:0.##} minutes with faults of seed {seed}"
            );
            await MeasureAsync(emulator, picture, TimeSpan.FromMinutes(minutes), seed);
        }
        finally
        {
            foreach (var client in clients)
            {
                await client.DisposeAsync();
            }

            File.Delete(root);
        }
    }

    private static async Task MeasureAsync(GraphEmulatorServer emulator, Picture picture, TimeSpan duration, int seed)
    {
        using var control = new HttpClient(
            new SocketsHttpHandler
            {
#pragma warning disable CA5359 // The emulator of this process.
                SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
#pragma warning restore CA5359
            }
        )
        {
            BaseAddress = emulator.BaseAddress,
        };
        var book = emulator.Services.GetRequiredService<SubscriptionBook>();
        var coverage = new List<double>();
        var random = new Random(seed);
        var (faults, nextFault) = (0, TimeSpan.FromSeconds(5));
        var before = RequestsOf(emulator);
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Sampling);
        while (Stopwatch.GetElapsedTime(begun) is var elapsed && elapsed < duration)
        {
            if (elapsed >= nextFault)
            {
                // A fault and a rest take turns, each for a few seconds.
                using var answer = faults++ % 2 is 0
                    ? await control.PutAsJsonAsync("/emulator/faults", Faults[random.Next(Faults.Length)])
                    : await control.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
                answer.EnsureSuccessStatusCode();
                nextFault = elapsed + TimeSpan.FromSeconds(2 + (6 * random.NextDouble()));
            }

            coverage.Add(
                book.List().SelectMany(subscription => subscription.Resource.Subjects).Distinct().Count()
                    / (double)People
            );
            await timer.WaitForNextTickAsync();
        }

        await control.DeleteAsync(new Uri("/emulator/faults", UriKind.Relative));
        var measured = Stopwatch.GetElapsedTime(begun);
        var requests = RequestsOf(emulator) - before;
        picture.Freeze();
        var settled = Stopwatch.GetTimestamp();
        while (picture.Waiting > 0 && Stopwatch.GetElapsedTime(settled) < Settling)
        {
            await timer.WaitForNextTickAsync();
        }

        Report(emulator, picture, coverage, requests, measured, (faults + 1) / 2);
    }

    private static void Report(
        GraphEmulatorServer emulator,
        Picture picture,
        List<double> coverage,
        long requests,
        TimeSpan measured,
        int faults
    )
    {
        var latencies = picture.Latencies;
        var told = emulator.Services.GetRequiredService<NotificationCounts>().Read();
        var ideal = measured / Period * Math.Ceiling(People / (double)PerRead);
        Print(
            $"faults: {faults}; changes: {picture.Changes} ({picture.Superseded} replaced by a later one before they were shown)"
        );
        Print(
            $"coverage by subscriptions: {coverage.Average():0.0%} on average, {coverage[^1]:0.0%} at the end (40 accounts could: 100%)"
        );
        Print($"notifications: {told}");
        Print(
            $"time to correct: p50 {At(latencies, 0.5):0.00} s, p90 {At(latencies, 0.9):0.00} s, p99 {At(latencies, 0.99):0.00} s, max {latencies[^1]:0.00} s; never right within {Settling.TotalSeconds:0} s: {picture.Waiting}"
        );
        Print(
            $"reads: {requests} in {measured.TotalMinutes:0.0} minutes, ideal for polling alone {ideal:0}; inside Retry-After: {emulator.Services.GetRequiredService<RequestCounters>().Read().Sum(caller => caller.InsideRetryAfter)}"
        );
        Print($"regressions: {picture.Regressions}");
    }

    private static long RequestsOf(GraphEmulatorServer emulator) =>
        emulator
            .Services.GetRequiredService<RequestCounters>()
            .Read()
            .Sum(caller => caller.Requests.TryGetValue("getPresencesByUserId", out var count) ? count : 0);

    private static double At(double[] sorted, double share) =>
        sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)];

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    /// <summary>What Graph has, what the clients show, and since when the two differ.</summary>
    private sealed class Picture
    {
        private readonly ConcurrentDictionary<string, (string State, long At)> _waiting = new();
        private readonly ConcurrentDictionary<string, (long Epoch, long Revision, string State)> _shown = new();
        private readonly ConcurrentQueue<double> _latencies = new();
        private long _changes;
        private long _superseded;
        private long _regressions;
        private volatile bool _isFrozen;

        public Picture(PresenceBoard board)
        {
            Ids = [.. board.ReadRange(0, People).Select(reading => reading.Id.ToString())];
            var tell = board.Changed!;
            board.Changed = change =>
            {
                Note(change);
                tell(change);
            };
        }

        public string[] Ids { get; }

        public int Waiting => _waiting.Count;

        public long Changes => _changes;

        public long Superseded => _superseded;

        public long Regressions => _regressions;

        public double[] Latencies => [.. _latencies.Order()];

        /// <summary>Records no more changes. A person that changes again is no longer waited for.</summary>
        public void Freeze() => _isFrozen = true;

        public void Show(EntriesChangedEventArgs changed)
        {
            foreach (var entry in changed.Entries)
            {
                var state = $"{entry.Availability}/{entry.Activity}";
                if (
                    _shown.TryGetValue(entry.Id, out var last)
                    && (entry.Epoch, entry.Revision).CompareTo((last.Epoch, last.Revision)) < 0
                )
                {
                    Interlocked.Increment(ref _regressions);
                }

                _shown[entry.Id] = (entry.Epoch, entry.Revision, state);
                if (
                    _waiting.TryGetValue(entry.Id, out var waiting)
                    && waiting.State == state
                    && _waiting.TryRemove(KeyValuePair.Create(entry.Id, waiting))
                )
                {
                    _latencies.Enqueue(Stopwatch.GetElapsedTime(waiting.At).TotalSeconds);
                }
            }
        }

        private void Note(PresenceChange change)
        {
            var id = change.Id.ToString();
            if (_isFrozen)
            {
                _waiting.TryRemove(id, out _);
                return;
            }

            Interlocked.Increment(ref _changes);
            if (_waiting.ContainsKey(id))
            {
                Interlocked.Increment(ref _superseded);
            }

            var state = $"{change.State.Availability}/{change.State.Activity}";
            if (_shown.TryGetValue(id, out var shown) && shown.State == state)
            {
                // Back before a client noticed: there is nothing to show.
                _waiting.TryRemove(id, out _);
                return;
            }

            _waiting[id] = (state, Stopwatch.GetTimestamp());
        }
    }
}
