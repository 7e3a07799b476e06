using System.Diagnostics;
using System.Globalization;
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
        var picture = new GraphPicture(emulator.Services.GetRequiredService<PresenceBoard>(), People);
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

    private static async Task MeasureAsync(
        GraphEmulatorServer emulator,
        GraphPicture picture,
        TimeSpan duration,
        int seed
    )
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
                    ? await control.PutAsJsonAsync(
                        "/emulator/faults",
                        GraphFaults.All[random.Next(GraphFaults.All.Count)]
                    )
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
        GraphPicture picture,
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
}
