using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// Batches of changes, as a page of a poll or a POST of notifications brings them, to clients that all watch the same
/// subjects.
/// </summary>
internal sealed class BurstCase : IBenchmarkCase
{
    private const int Clients = 1000;
    private const int Changes = 25;
    public const string WholeSuffix = "-whole";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public string Name => "burst";

    public bool IsQuick => true;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        IEnumerable<Contestant> contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut()),
            .. Contestant.Hubs(settings, HubSetup.Whole(Changes), WholeSuffix),
            Contestant.Stock, Contestant.Raw,
        ];
        var batches = settings.IsQuick ? 8 : 12;
        var samples = new Samples();
        await using var contest = await FanOutContest.StartAsync(contestants, Clients, Changes);
        foreach (var entrant in contest.Entrants)
        {
            await LoadAsync(entrant, batches);
        }

        foreach (var entrant in Contestant.Interleave(contest.Entrants, settings.Repeats))
        {
            var window = await FanOutWindow.MeasureAsync(
                entrant.System, entrant.Crowd, entrant.Deliveries, .., () => LoadAsync(entrant, batches));
            window.AddTo(samples, entrant.System.Name);
        }

        var result = new CaseResult(
            Name,
            $"bursts of {Changes} changes to {Clients} common watchers",
            $"""
            {batches} batches of {Changes} changes, one every {Period.TotalMilliseconds:0} ms, open loop. "hub" fans out what another process
            applies to Redis; "hub{WholeSuffix}" also receives the notifications, decrypts and stores them. Peers get the
            batch by one HTTP request and send 25 times.
            """)
        {
            Measurements = samples.ToMeasurements(),
        };
        result.AddRatio(
            PeerProgram.Stock, Contestant.Hub, Metrics.CpuPerExpected, "burst 25 × 1,000, CPU per expected entry", 6);
        result.AddRatio(
            PeerProgram.Raw, Contestant.Hub, Metrics.CpuPerExpected, "burst 25 × 1,000, CPU per expected entry", 3.5);
        result.AddLimit(Contestant.Hub, Metrics.Allocated, "allocated per delivery, burst", 64, "B");
        result.AddLimit(Contestant.Hub, Metrics.LatencyP50, "burst latency p50 (25 × 1,000)", 60, "ms");
        return result;
    }

    private static Task LoadAsync(FanOutContest.Entrant entrant, int batches) =>
        OpenLoop.RunAsync(entrant.Deliveries, entrant.System, Period, batches, _ => Enumerable.Range(0, Changes));
}
