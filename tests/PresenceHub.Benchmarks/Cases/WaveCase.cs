using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>Clients that are connected all watch 50 people at the same moment.</summary>
internal sealed class WaveCase : IBenchmarkCase
{
    private const int Clients = 5000;
    private const int Subjects = 10_000;
    private const int Watched = 50;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuickLimit = TimeSpan.FromSeconds(20);

    public string Name => "wave";

    public bool IsQuick => true;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        Contestant[] contestants = [.. Contestant.Hubs(settings, new HubSetup(Polls: true)), Contestant.Stock];
        var samples = new Samples();
        await using var tenant = await Tenant.StartAsync(Subjects);
        foreach (var contestant in Contestant.Interleave(contestants, settings.IsQuick ? 1 : settings.Repeats))
        {
            await RunOnceAsync(contestant, tenant, settings.IsQuick ? QuickLimit : Limit, samples);
        }

        var result = new CaseResult(
            Name,
            $"{Clients:N0} connected clients watch {Watched} people at once",
            $"""
            Each of {Clients:N0} clients, connected beforehand, calls Watch with {Watched} of {Subjects:N0} people,
            drawn evenly; a failed call is repeated after about a second, a lost connection is made again. A new
            server for each sample. The store (the peer's dictionary) holds all entries; the node holds none, and
            reads newly watched people from Graph besides. At most {Limit.TotalSeconds:0} s (quick:
            {QuickLimit.TotalSeconds:0} s).
            """
        );
        samples.AddTo(result);
        result.AddRatio(PeerProgram.Stock, Contestant.Hub, Metrics.TimeToAll, "5,000 connected watch 50 at once", 1.5);
        result.AddLimit(
            Contestant.Hub,
            Metrics.Arrived,
            "the same, clients with a snapshot",
            Clients,
            "clients",
            isUpper: false
        );
        result.AddLimit(Contestant.Hub, Metrics.FailedCalls, "the same, failed calls", 0, "calls");
        return result;
    }

    private static async Task RunOnceAsync(Contestant contestant, Tenant tenant, TimeSpan limit, Samples samples)
    {
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Subjects);
        await system.FillAsync(ids);
        await using var crowd = await Crowd.CreateAsync(
            system,
            tenant,
            new Deliveries(new ChangeLog(ids)),
            CrowdPlan.Uniform(Clients, Subjects, Watched)
        );
        var connected = await crowd.ConnectAsync(ConnectLimit);
        var cpu = system.CpuTime();
        var wave = await crowd.WatchAsync(limit);
        samples.Add(contestant.Name, Metrics.TimeToAll, "s", wave.At(1));
        samples.Add(contestant.Name, Metrics.TimeToHalf, "s", wave.At(0.5));
        samples.Add(contestant.Name, Metrics.Arrived, "clients", wave.Arrived);
        samples.Add(contestant.Name, Metrics.FailedCalls, "calls", wave.Failures);
        samples.Add(contestant.Name, "connections lost", "connections", crowd.Lost);
        samples.Add(contestant.Name, "connecting, before", "s", connected.Elapsed);
        samples.Add(contestant.Name, "server CPU", "s", (system.CpuTime() - cpu).TotalSeconds);
    }
}
