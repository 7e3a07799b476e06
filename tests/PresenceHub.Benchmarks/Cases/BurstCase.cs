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
    private const int Batches = 12;
    private const int QuickBatches = 8;
    private const string Work = "burst 25 × 1,000, CPU per expected entry";
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    public string Name => "burst";

    public bool IsQuick => true;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        var batches = settings.IsQuick ? QuickBatches : Batches;
        var result = new CaseResult(
            Name,
            $"bursts of {Changes} changes to {Clients:N0} common watchers",
            $"""
            {batches} batches of {Changes} changes, one every {Period.TotalMilliseconds:0} ms, open loop.
            {Contestant.WholeSetup} Peers get the batch by one HTTP request and send {Changes} times.
            """
        );
        IEnumerable<Contestant> contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut()),
            .. settings.IsQuick ? [] : Contestant.Hubs(settings, HubSetup.Whole(Changes), Contestant.WholeSuffix),
            Contestant.Stock,
            Contestant.Raw,
        ];
        await FanOutContest.RunAsync(result, contestants, (Clients, Changes), settings.Repeats, entrant =>
            OpenLoop.RunAsync(entrant.Deliveries, entrant.System, Period, batches, _ => Enumerable.Range(0, Changes))
        );
        foreach (var (hub, work) in Contestant.HubKinds(Work))
        {
            result.AddRatio(PeerProgram.Stock, hub, Metrics.CpuPerExpected, work, 6);
            result.AddRatio(PeerProgram.Raw, hub, Metrics.CpuPerExpected, work, 3.5);
        }

        result.AddLimit(Contestant.Hub, Metrics.Allocated, "allocated per delivery, burst", 64, "B");
        result.AddLimit(Contestant.Hub, Metrics.LatencyP50, "burst latency p50 (25 × 1,000)", 60, "ms");
        return result;
    }
}
