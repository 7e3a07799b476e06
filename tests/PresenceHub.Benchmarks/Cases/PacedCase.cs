using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// Single changes at a steady rate to clients that all watch the same subjects: no batch to gain from.
/// </summary>
internal sealed class PacedCase(int clients) : IBenchmarkCase
{
    private const int Subjects = 25;
    private const int DeliveriesPerSecond = 20_000;

    public string Name => $"paced-{clients}";

    public bool IsQuick => clients is 1000;

    private double ChangesPerSecond => (double)DeliveriesPerSecond / clients;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        IEnumerable<Contestant> contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut()),
            .. clients is 1000 ? Contestant.Hubs(settings, HubSetup.Whole(Subjects), BurstCase.WholeSuffix) : [],
            Contestant.Stock, Contestant.Raw,
        ];
        var seconds = settings.IsQuick ? 4 : 6;
        var changes = (int)(ChangesPerSecond * seconds);
        var samples = new Samples();
        await using var contest = await FanOutContest.StartAsync(contestants, clients, Subjects);
        foreach (var entrant in contest.Entrants)
        {
            await LoadAsync(entrant, changes);
        }

        foreach (var entrant in Contestant.Interleave(contest.Entrants, settings.Repeats))
        {
            var window = await FanOutWindow.MeasureAsync(
                entrant.System, entrant.Crowd, entrant.Deliveries, .., () => LoadAsync(entrant, changes));
            window.AddTo(samples, entrant.System.Name);
        }

        var work = $"paced singles, {clients:N0} watchers";
        var result = new CaseResult(
            Name,
            work,
            $"""
            {ChangesPerSecond:0.#} changes/s to {clients:N0} clients for {seconds} s, open loop, spread over {Subjects} people; all clients watch
            all of them. "hub" fans out what another process applies to Redis; "hub{BurstCase.WholeSuffix}" also receives the
            notifications, decrypts and stores them.
            """)
        {
            Measurements = samples.ToMeasurements(),
        };
        if (clients is 1000)
        {
            result.AddRatio(PeerProgram.Stock, Contestant.Hub, Metrics.CpuPerExpected, $"{work}, CPU", 1.35);
            result.AddLimit(Contestant.Hub, Metrics.Allocated, "allocated per delivery, paced", 64, "B");
        }

        result.AddShare(PeerProgram.Raw, Contestant.Hub, Metrics.CpuPerExpected, $"{work}, CPU", 1.05);
        result.AddShare(PeerProgram.Raw, Contestant.Hub, Metrics.LatencyP50, $"{work}, latency p50", 1);
        result.AddLimit(Contestant.Hub, Metrics.Merged, $"{work}, merged away", 0, "%");
        return result;
    }

    private Task LoadAsync(FanOutContest.Entrant entrant, int changes) =>
        OpenLoop.RunAsync(
            entrant.Deliveries, entrant.System, TimeSpan.FromSeconds(1 / ChangesPerSecond), changes, change => [change % Subjects]);
}
