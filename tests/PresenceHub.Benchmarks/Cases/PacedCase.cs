using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>Single changes at a steady rate to clients that all watch the same subjects: no batch to share.</summary>
internal sealed class PacedCase(int clients) : IBenchmarkCase
{
    private const int FewClients = 1000;
    private const int Subjects = 25;
    private const int DeliveriesPerSecond = 20_000;
    private const int Seconds = 6;
    private const int QuickSeconds = 4;

    public string Name => $"paced-{clients}";

    public bool IsQuick => clients is FewClients;

    private double ChangesPerSecond => (double)DeliveriesPerSecond / clients;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        var seconds = settings.IsQuick ? QuickSeconds : Seconds;
        var work = $"paced singles, {clients:N0} watchers";
        var result = new CaseResult(
            Name,
            work,
            $"""
            {ChangesPerSecond:0.#} changes/s to {clients:N0} clients for {seconds} s, open loop, spread over
            {Subjects} people; all watch all of them. {Contestant.WholeSetup}
            """
        );
        var withWhole = clients is FewClients && !settings.IsQuick;
        IEnumerable<Contestant> contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut()),
            .. withWhole ? Contestant.Hubs(settings, HubSetup.Whole(Subjects), Contestant.WholeSuffix) : [],
            Contestant.Stock,
            Contestant.Raw,
        ];
        var (period, changes) = (TimeSpan.FromSeconds(1 / ChangesPerSecond), (int)(ChangesPerSecond * seconds));
        await FanOutContest.RunAsync(result, contestants, (clients, Subjects), settings.Repeats, entrant =>
            OpenLoop.RunAsync(entrant.Deliveries, entrant.System, period, changes, change => [change % Subjects])
        );
        if (clients is FewClients)
        {
            foreach (var (hub, kind) in Contestant.HubKinds($"{work}, CPU"))
            {
                result.AddRatio(PeerProgram.Stock, hub, Metrics.CpuPerExpected, kind, 1.35);
            }

            result.AddLimit(Contestant.Hub, Metrics.Allocated, "allocated per delivery, paced", 64, "B");
        }

        result.AddShare(PeerProgram.Raw, Contestant.Hub, Metrics.CpuPerExpected, $"{work}, CPU", 1.05);
        result.AddShare(PeerProgram.Raw, Contestant.Hub, Metrics.LatencyP50, $"{work}, latency p50", 1);
        result.AddLimit(Contestant.Hub, Metrics.Merged, $"{work}, merged away", 0, "%");
        return result;
    }
}
