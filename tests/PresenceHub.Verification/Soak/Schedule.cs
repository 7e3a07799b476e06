using System.Globalization;
using PresenceHub.Verification.Invariants;

namespace PresenceHub.Verification.Soak;

/// <summary>Every kind of fault a set number of times, in an order that the seed decides.</summary>
internal static class Schedule
{
    private static readonly SoakSettings Settings = new(Clients: 200, ClockSkew: TimeSpan.FromMinutes(10));
    private const double MostFrozenSeconds = 3;
    private const int MessagesLost = 200;

    /// <summary>
    /// One Redis that is killed, loses its data and freezes, under nodes that are killed, drained and frozen, over
    /// links of all sorts; and a Graph that answers nothing for a while.
    /// </summary>
    public static Task<ScheduleResult> RunStandAloneAsync(int seed, Action<string> write) =>
        RunAsync(
            new StandAloneStore(MostFrozenSeconds),
            seed,
            write,
            run =>
                [
                    .. With(run.Hub.Store.Faults, 10, 10, 5),
                    .. With(NodeFaults.Of(run.Hub), 5, 5, 5),
                    .. With(LinkFaults.OfMessages(run.Hub), 30, MessagesLost / LinkFaults.MessagesLostAtOnce),
                    .. Spread(LinkFaults.OfProxies(run.Hub), 50),
                ],
            stopsReads: true
        );

    /// <summary>Failovers that lose what the old master had acknowledged.</summary>
    public static Task<ScheduleResult> RunSentinelAsync(int seed, Action<string> write) =>
        RunAsync(new SentinelStore(), seed, write, run =>
            [.. With(run.Hub.Store.Faults, 5), .. Spread(LinkFaults.OfProxies(run.Hub), 5)]
        );

    /// <summary>A Redis Cluster, one of whose masters is killed or frozen.</summary>
    public static Task<ScheduleResult> RunClusterAsync(int seed, Action<string> write) =>
        RunAsync(new ClusterStore(MostFrozenSeconds), seed, write, run =>
            [
                .. With(run.Hub.Store.Faults, 2, 1),
                .. With(NodeFaults.Of(run.Hub), 1),
                .. With(LinkFaults.OfMessages(run.Hub), 3),
                .. Spread(LinkFaults.OfProxies(run.Hub), 3),
            ]
        );

    private static async Task<ScheduleResult> RunAsync(
        SoakStore store,
        int seed,
        Action<string> write,
        Func<SoakRun, IReadOnlyList<(Fault Fault, int Times)>> choose,
        bool stopsReads = false
    )
    {
        write(string.Create(CultureInfo.InvariantCulture, $"Seed {seed}"));
        var report = new SoakReport();
        var checker = InvariantChecker.Of(SoakSettings.StaleAfter, SoakSettings.PollingPeriod);
        IReadOnlyList<(Fault Fault, int Times)> faults;
        await using (var run = await SoakRun.StartAsync(store, Settings, seed, report, checker, write))
        {
            faults = choose(run);
            foreach (var round in FaultDeck.Deal(faults, new Random(seed)))
            {
                await run.RunRoundAsync(round);
            }

            // Messages can only be lost while some are sent: what a round that had none has left over is made up for.
            var lossy = faults.Select(fault => fault.Fault).Where(fault => fault.Name == LinkFaults.Loss).ToArray();
            while (lossy.Length > 0 && store.Loss.Lost < MessagesLost)
            {
                await run.RunRoundAsync(lossy);
            }

            if (stopsReads)
            {
                await run.StopReadsAsync();
            }
        }

        write(report.ToTable());
        return new ScheduleResult(
            checker,
            [.. faults.Where(fault => report.RunsOf(fault.Fault) < fault.Times).Select(fault => fault.Fault.Name)]
        );
    }

    private static IEnumerable<(Fault Fault, int Times)> With(IReadOnlyList<Fault> faults, params int[] times) =>
        faults.Zip(times);

    private static IEnumerable<(Fault Fault, int Times)> Spread(IReadOnlyList<Fault> faults, int times) =>
        faults
            .Select((fault, i) => (fault, (times / faults.Count) + (i < times % faults.Count ? 1 : 0)))
            .Where(fault => fault.Item2 > 0);
}
