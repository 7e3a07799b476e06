using System.Diagnostics;
using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>What connections cost that watch and receive nothing.</summary>
internal sealed class IdleCase : IBenchmarkCase
{
    private const int Subjects = 10_000;
    private const int Watched = 50;
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(90);

    public string Name => "idle";

    public bool IsQuick => true;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        var clients = settings.IsQuick ? 2000 : 5000;
        IReadOnlyList<Contestant> contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut()),
            Contestant.Stock,
            .. settings.IsQuick ? Array.Empty<Contestant>() : [Contestant.Peer(PeerProgram.StockRedis, 1)],
        ];
        var (settle, measured) = settings.IsQuick ? (5, 8) : (20, 20);
        var samples = new Samples();
        await using var tenant = await Tenant.StartAsync(Subjects);
        foreach (var contestant in Contestant.Interleave(contestants, settings.IsQuick ? 1 : 2))
        {
            await RunOnceAsync(contestant, tenant, clients, TimeSpan.FromSeconds(settle), TimeSpan.FromSeconds(measured), samples);
        }

        var result = new CaseResult(
            Name,
            $"{clients:N0} idle connections that watch {Watched} people each",
            $"One node. Memory: resident set over that of the node before the first connection, {settle} s after the last client joined. CPU: the {measured} s"
            + " after that; clients send a ping every 10 s. A new server for each sample.")
        {
            Measurements = samples.ToMeasurements(),
        };
        result.AddShare(PeerProgram.Stock, Contestant.Hub, Metrics.MemoryPerConnection, "idle RSS per connection", 0.65);
        result.AddShare(PeerProgram.StockRedis, Contestant.Hub, Metrics.MemoryPerConnection, "idle RSS per connection", 0.4);
        result.AddShare(PeerProgram.Stock, Contestant.Hub, Metrics.IdleCpu, "idle CPU", 0.7);
        return result;
    }

    private static async Task RunOnceAsync(
        Contestant contestant, Tenant tenant, int clients, TimeSpan settle, TimeSpan measured, Samples samples)
    {
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Subjects);
        await system.FillAsync(ids);
        var before = system.ResidentBytes();
        await using var crowd = await Crowd.CreateAsync(
            system, tenant, new Deliveries(new ChangeLog(ids)), CrowdPlan.Uniform(clients, Subjects, Watched));
        await crowd.ConnectAsync(JoinLimit);
        var joined = await crowd.WatchInTurnAsync(JoinLimit);
        if (!joined.IsComplete)
        {
            throw new TimeoutException($"Only {joined.Arrived} of {joined.Members} clients of {system.Name} could join");
        }

        await Task.Delay(settle, TimeProvider.System);
        var resident = system.ResidentBytes() - before;
        var (started, cpu) = (Stopwatch.GetTimestamp(), system.CpuTime());
        await Task.Delay(measured, TimeProvider.System);
        var share = (system.CpuTime() - cpu) / Stopwatch.GetElapsedTime(started);
        samples.Add(contestant.Name, Metrics.MemoryPerConnection, "KB", resident / 1024.0 / clients);
        samples.Add(contestant.Name, Metrics.IdleCpu, "% of a core", 100 * share);
    }
}
