using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// A fleet comes back at once, to two nodes, while others stay connected and presence goes on changing.
/// </summary>
internal sealed class ReconnectCase : IBenchmarkCase
{
    private const int Clients = 10_000;
    private const int Steady = 1000;
    private const int Subjects = 10_000;
    private const int Watched = 50;
    private const int ChangesPerSecond = 20;
    private const int Repeats = 3;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1.0 / ChangesPerSecond);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public string Name => "reconnect";

    public bool IsQuick => false;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        Contestant[] contestants =
        [
            .. Contestant.Hubs(settings, new HubSetup(Nodes: 2, Polls: true)),
            Contestant.Peer(PeerProgram.StockRedis, 2),
        ];
        var samples = new Samples();
        await using var tenant = await Tenant.StartAsync(Subjects);
        foreach (var contestant in Contestant.Interleave(contestants, Math.Min(Repeats, settings.Repeats)))
        {
            await RunOnceAsync(contestant, tenant, samples);
        }

        var result = new CaseResult(
            Name,
            $"{Clients:N0} clients reconnect to two nodes and watch {Watched} people each",
            $"""
            All connect at once ({Crowd.ConnectsAtOnce} attempts under way), and each calls Watch with {Watched} of
            {Subjects:N0} people as soon as it can. A refused connect or call is repeated after a second or after the
            time that the server names. Beside them {Steady:N0} clients stay connected and watch {Watched} people
            each; {ChangesPerSecond} changes/s, open loop. A new pair of servers for each sample; at most
            {Limit.TotalSeconds:0} s.
            """
        );
        samples.AddTo(result);
        result.AddRatio(
            PeerProgram.StockRedis,
            Contestant.Hub,
            Metrics.TimeToAll,
            "10,000 reconnect + watch 50, all live",
            3
        );
        result.AddLimit(
            Contestant.Hub,
            Metrics.Arrived,
            "the same, clients with a snapshot",
            Clients,
            "clients",
            isUpper: false
        );
        result.AddLimit(Contestant.Hub, Metrics.FailedCalls, "the same, failed calls", 0, "calls");
        result.AddLimit(
            Contestant.Hub,
            Metrics.StalenessP99,
            "staleness p99 of 1,000 connected clients meanwhile",
            1000,
            "ms"
        );
        return result;
    }

    private static async Task RunOnceAsync(Contestant contestant, Tenant tenant, Samples samples)
    {
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Subjects);
        await system.FillAsync(ids);
        var log = new ChangeLog(ids);
        var steady = new Deliveries(log);
        await using var connected = await Crowd.CreateAsync(
            system,
            tenant,
            steady,
            CrowdPlan.Uniform(Steady, Subjects, Watched)
        );
        await connected.JoinAsync(JoinLimit);
        await using var returning = await Crowd.CreateAsync(
            system,
            tenant,
            new Deliveries(log),
            CrowdPlan.Uniform(Clients, Subjects, Watched) with
            {
                FirstToken = Steady,
            }
        );

        using var end = new CancellationTokenSource();
        var random = new Random(1);
        var load = OpenLoop.RunAsync(steady, system, Period, int.MaxValue, _ => [random.Next(Subjects)], end.Token);
        var cpu = system.CpuTime();
        var wave = await returning.WatchAsync(Limit);
        var used = system.CpuTime() - cpu;
        await end.CancelAsync();
        await load;
        await connected.WaitUntilCurrentAsync(.., TimeSpan.FromSeconds(5));
        var totals = steady.Read();
        samples.Add(contestant.Name, Metrics.TimeToAll, "s", wave.At(1));
        samples.Add(contestant.Name, Metrics.TimeToHalf, "s", wave.At(0.5));
        samples.Add(contestant.Name, Metrics.Arrived, "clients", wave.Arrived);
        samples.Add(contestant.Name, Metrics.FailedCalls, "calls", wave.Failures);
        samples.Add(contestant.Name, Metrics.RefusedConnects, "connects", wave.Refusals);
        samples.Add(contestant.Name, "server CPU", "s", used.TotalSeconds);
        samples.Add(contestant.Name, Metrics.StalenessP99, "ms", totals.Staleness.P99);
        samples.Add(contestant.Name, "connected clients lost", "connections", connected.Lost);
    }
}
