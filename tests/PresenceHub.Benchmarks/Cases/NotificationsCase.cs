using System.Diagnostics;
using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// The whole way of a change in a big tenant: from Graph's notification over the store to the clients of two nodes.
/// </summary>
internal sealed class NotificationsCase : IBenchmarkCase
{
    private const int Subjects = 100_000;
    private const int Clients = 10_000;
    private const int Watched = 50;
    private const int WatchedByBoard = 1000;
    private const int ChangesPerSecond = 333;
    private const int Seconds = 30;
    private const int WarmUpSeconds = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1.0 / ChangesPerSecond);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(240);
    private static readonly TimeSpan CoverLimit = TimeSpan.FromSeconds(300);

    /// <summary>A few clients that watch everybody between them.</summary>
    private static readonly CrowdPlan Boards = new(Subjects / WatchedByBoard, member =>
        Enumerable.Range(member * WatchedByBoard, WatchedByBoard)
    )
    {
        FirstToken = Clients,
    };

    public string Name => "notifications";

    public bool IsQuick => false;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        var samples = new Samples();
        var notes = new List<string>();
        foreach (var contestant in Contestant.Hubs(settings, HubSetup.Whole(Subjects, nodes: 2)))
        {
            await RunOnceAsync(contestant, samples, notes);
        }

        var work =
            $"notification → client, {Subjects:N0} people, {ChangesPerSecond} changes/s, 2 nodes,"
            + $" {Clients:N0} clients × {Watched}";
        var result = new CaseResult(
            Name,
            work,
            $"""
            The emulator shares the load's core: it encrypts and signs each notification, which is posted at once.
            Latency is from the change's intended time in Graph to the client. {Seconds} s after {WarmUpSeconds} s of
            warm-up, one sample.
            """
        )
        {
            Notes = notes,
        };
        samples.AddTo(result);
        result.AddLimit(Contestant.Hub, Metrics.LatencyP50, work + ", p50", 20, "ms");
        result.AddLimit(Contestant.Hub, Metrics.LatencyP99, "the same, p99", 100, "ms");
        return result;
    }

    private static async Task RunOnceAsync(Contestant contestant, Samples samples, List<string> notes)
    {
        await using var tenant = await Tenant.StartAsync(Subjects, HubSetup.Whole(Subjects).Accounts);
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Subjects);
        await system.FillAsync(ids);
        var deliveries = new Deliveries(new ChangeLog(ids));
        await using var crowd = await Crowd.CreateAsync(
            system,
            tenant,
            deliveries,
            CrowdPlan.Uniform(Clients, Subjects, Watched)
        );
        await using (var boards = await Crowd.CreateAsync(system, tenant, deliveries, Boards))
        {
            // Subscriptions are filled in seconds when many people are watched at once, and stay when the boards go.
            await boards.JoinAsync(JoinLimit);
            await tenant.WaitUntilCoveredAsync(Subjects, CoverLimit);
            await crowd.JoinAsync(JoinLimit);
        }

        var random = new Random(1);
        await LoadAsync(deliveries, system, random, WarmUpSeconds);
        var (started, own) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var window = await FanOutWindow.MeasureAsync(system, crowd, deliveries, .., () =>
            LoadAsync(deliveries, system, random, Seconds)
        );
        var elapsed = Stopwatch.GetElapsedTime(started);
        window.AddTo(samples, contestant.Name);
        samples.Add(contestant.Name, "server CPU", "% of a core", 100 * (window.Cpu / elapsed));
        var ownShare = 100 * ((Environment.CpuUsage.TotalTime - own) / elapsed);
        notes.Add($"{contestant.Name}: load and emulator used {ownShare:0} % of their core.");
    }

    private static Task LoadAsync(Deliveries deliveries, SystemUnderTest system, Random random, int seconds) =>
        OpenLoop.RunAsync(deliveries, system, Period, seconds * ChangesPerSecond, _ => [random.Next(Subjects)]);
}
