using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>Whether the cost of a delivery and of a connection stays the same when there are more of them.</summary>
internal sealed class GrowthCase : IBenchmarkCase
{
    private const int WatchersPerSubject = 50;
    private const int ChangesPerSecond = 200;
    private const int Seconds = 8;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1.0 / ChangesPerSecond);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(180);
    private static readonly Size Small = new(1000, 50);
    private static readonly Size MoreConnections = new(10_000, 50);
    private static readonly Size MoreSubjects = new(1000, 500);

    public string Name => "growth";

    public bool IsQuick => false;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        var samples = new Samples();
        Size[] sizes = [Small, MoreConnections, MoreSubjects];
        foreach (var size in sizes)
        {
            foreach (var contestant in Contestant.Hubs(settings, HubSetup.FanOut(), size.Suffix))
            {
                await RunOnceAsync(contestant, size, samples);
            }
        }

        var result = new CaseResult(
            Name,
            "from 1,000 to 10,000 connections, from 50 to 500 people watched by each",
            $"""
            One node that fans out. {ChangesPerSecond} single changes/s, {WatchersPerSubject} watchers each at any
            size; the names give connections × people watched. Memory as in the idle case, 10 s after the last client
            joined. One sample.
            """
        );
        samples.AddTo(result);
        var small = Contestant.Hub + Small.Suffix;
        var (connections, subjects) = (Contestant.Hub + MoreConnections.Suffix, Contestant.Hub + MoreSubjects.Suffix);
        result.AddShare(
            small,
            connections,
            Metrics.CpuPerDelivered,
            "growth 1k → 10k connections, CPU per delivery",
            1.3
        );
        result.AddShare(small, subjects, Metrics.CpuPerDelivered, "growth 50 → 500 subjects, CPU per delivery", 1.3);
        result.AddShare(
            small,
            connections,
            Metrics.MemoryPerConnection,
            "growth 1k → 10k connections, memory per connection",
            1.1
        );
        return result;
    }

    private static async Task RunOnceAsync(Contestant contestant, Size size, Samples samples)
    {
        await using var tenant = await Tenant.StartAsync(size.Subjects);
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(size.Subjects);
        await system.FillAsync(ids);
        var deliveries = new Deliveries(new ChangeLog(ids));
        var before = await IdleCase.MeasureBaseAsync(system, tenant, ids);
        await using var crowd = await Crowd.CreateAsync(
            system,
            tenant,
            deliveries,
            CrowdPlan.Uniform(size.Connections, size.Subjects, size.Watched)
        );
        await crowd.JoinAsync(JoinLimit);

        // No signal says that the server has collected what the joins left behind.
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
        var perConnection = (system.ResidentBytes() - before) / 1024.0 / size.Connections;
        samples.Add(contestant.Name, Metrics.MemoryPerConnection, "KB", perConnection);
        var random = new Random(1);
        await LoadAsync(deliveries, system, size, random, Seconds / 2);
        var window = await FanOutWindow.MeasureAsync(system, crowd, deliveries, .., () =>
            LoadAsync(deliveries, system, size, random, Seconds)
        );
        window.AddTo(samples, contestant.Name);
    }

    private static Task LoadAsync(
        Deliveries deliveries,
        SystemUnderTest system,
        Size size,
        Random random,
        int seconds
    ) => OpenLoop.RunAsync(deliveries, system, Period, seconds * ChangesPerSecond, _ => [random.Next(size.Subjects)]);

    private sealed record Size(int Connections, int Watched)
    {
        public int Subjects => Connections * Watched / WatchersPerSubject;

        public string Suffix => $" {Connections}×{Watched}";
    }
}
