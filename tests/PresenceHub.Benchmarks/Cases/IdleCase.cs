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
    private const int WarmUpClients = 100;
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(90);

    public string Name => "idle";

    public bool IsQuick => true;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        var clients = settings.IsQuick ? 1500 : 5000;
        IReadOnlyList<Contestant> contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut()),
            Contestant.Stock,
            .. settings.IsQuick ? Array.Empty<Contestant>() : [Contestant.Peer(PeerProgram.StockRedis, 1)],
        ];
        var (settle, measured) = settings.IsQuick ? (4, 6) : (15, 15);
        var samples = new Samples();
        await using var tenant = await Tenant.StartAsync(Subjects);
        foreach (var contestant in Contestant.Interleave(contestants, settings.IsQuick ? 1 : 2))
        {
            await RunOnceAsync(
                contestant,
                tenant,
                clients,
                TimeSpan.FromSeconds(settle),
                TimeSpan.FromSeconds(measured),
                samples
            );
        }

        var result = new CaseResult(
            Name,
            $"{clients:N0} idle connections that watch {Watched} people each",
            $"""
            One node. Memory: resident set over that of the node after {WarmUpClients} clients have come and gone,
            {settle} s after the last client joined. CPU: the {measured} s after that; clients send a ping every 10 s.
            A new server for each sample.
            """
        );
        samples.AddTo(result);
        result.AddShare(
            PeerProgram.Stock,
            Contestant.Hub,
            Metrics.MemoryPerConnection,
            "idle RSS per connection",
            0.65
        );
        result.AddShare(
            PeerProgram.StockRedis,
            Contestant.Hub,
            Metrics.MemoryPerConnection,
            "idle RSS per connection",
            0.4
        );
        result.AddShare(PeerProgram.Stock, Contestant.Hub, Metrics.IdleCpu, "idle CPU", 0.7);
        return result;
    }

    /// <summary>
    /// Resident memory after a few clients have come and gone: what a node needs whatever the number of connections.
    /// </summary>
    public static async Task<long> MeasureBaseAsync(SystemUnderTest system, Tenant tenant, string[] ids)
    {
        await using (
            var crowd = await Crowd.CreateAsync(
                system,
                tenant,
                new Deliveries(new ChangeLog(ids)),
                CrowdPlan.Uniform(WarmUpClients, ids.Length, Watched)
            )
        )
        {
            await crowd.JoinAsync(JoinLimit);
        }

        // No signal says that the server has closed the last of these connections.
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        return system.ResidentBytes();
    }

    private static async Task RunOnceAsync(
        Contestant contestant,
        Tenant tenant,
        int clients,
        TimeSpan settle,
        TimeSpan measured,
        Samples samples
    )
    {
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Subjects);
        await system.FillAsync(ids);
        var before = await MeasureBaseAsync(system, tenant, ids);
        await using var crowd = await Crowd.CreateAsync(
            system,
            tenant,
            new Deliveries(new ChangeLog(ids)),
            CrowdPlan.Uniform(clients, Subjects, Watched)
        );
        await crowd.JoinAsync(JoinLimit);

        // An idle crowd gives no signal: both delays are what is measured, before and during.
        await Task.Delay(settle, TimeProvider.System);
        var resident = system.ResidentBytes() - before;
        var (started, cpu) = (Stopwatch.GetTimestamp(), system.CpuTime());
        await Task.Delay(measured, TimeProvider.System);
        var share = (system.CpuTime() - cpu) / Stopwatch.GetElapsedTime(started);
        samples.Add(contestant.Name, Metrics.MemoryPerConnection, "KB", resident / 1024.0 / clients);
        samples.Add(contestant.Name, Metrics.IdleCpu, "% of a core", 100 * share);
    }
}
