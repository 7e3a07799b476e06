using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;
using PresenceHub.Fleet.Connections;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>One client in a hundred reads nothing while everything changes: what the others notice of it.</summary>
internal sealed class StuckCase : IBenchmarkCase
{
    private const int Clients = 1000;
    private const int Stuck = Clients / 100;
    private const int Subjects = 20;
    private const int ChangesPerSecond = 100;
    private const int Seconds = 10;
    private const int Repeats = 2;
    private const string ControlSuffix = ", none stuck";
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1.0 / ChangesPerSecond);
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);

    public string Name => "stuck";

    public bool IsQuick => false;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        Contestant[] contestants = [.. Contestant.Hubs(settings, HubSetup.FanOut()), Contestant.Stock];
        var samples = new Samples();
        await using var tenant = await Tenant.StartAsync(Subjects);
        foreach (var contestant in Contestant.Interleave(contestants, Math.Min(Repeats, settings.Repeats)))
        {
            await RunOnceAsync(contestant, tenant, Stuck, contestant.Name, samples);
        }

        foreach (var contestant in contestants)
        {
            await RunOnceAsync(contestant, tenant, 0, contestant.Name + ControlSuffix, samples);
        }

        var result = new CaseResult(
            Name,
            $"{Stuck} of {Clients:N0} clients are stuck, {ChangesPerSecond} changes/s",
            $"""
            All {Clients:N0} clients watch the same {Subjects} people; {Stuck} of them stop reading, with a receive
            buffer of 4 KB. Single changes for {Seconds} s, open loop. Figures are those of the others. A new server
            for each sample. The control without stuck clients shows what the rate alone costs.
            """
        );
        samples.AddTo(result);
        const string Work = "1 % of 1,000 stuck, 100 changes/s: healthy staleness p99.9";
        result.AddRatio(PeerProgram.Stock, Contestant.Hub, Metrics.StalenessP999, Work, 50);
        result.AddLimit(Contestant.Hub, Metrics.StalenessP999, "the same", 200, "ms");
        return result;
    }

    private static async Task RunOnceAsync(
        Contestant contestant,
        Tenant tenant,
        int stuck,
        string name,
        Samples samples
    )
    {
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Subjects);
        await system.FillAsync(ids);
        var paces = Enumerable.Range(0, stuck).Select(_ => new ReceivePace(1, TimeProvider.System)).ToArray();
        var deliveries = new Deliveries(new ChangeLog(ids));
        await using var crowd = await Crowd.CreateAsync(
            system,
            tenant,
            deliveries,
            CrowdPlan.Common(Clients, Subjects) with
            {
                PaceOf = member => member < stuck ? paces[member] : null,
            }
        );
        await crowd.JoinAsync(JoinLimit);
        await LoadAsync(deliveries, system, seconds: 3);
        foreach (var pace in paces)
        {
            pace.Stop();
        }

        var window = await FanOutWindow.MeasureAsync(system, crowd, deliveries, stuck.., () =>
            LoadAsync(deliveries, system, Seconds)
        );
        window.AddTo(samples, name);
    }

    private static Task LoadAsync(Deliveries deliveries, SystemUnderTest system, int seconds) =>
        OpenLoop.RunAsync(deliveries, system, Period, seconds * ChangesPerSecond, change => [change % Subjects]);
}
