using System.Diagnostics;
using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Report;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>Two nodes deliver as much as they can to rooms of 1,000 members.</summary>
internal sealed class SaturatedCase : IBenchmarkCase
{
    private const int Rooms = 2;
    private const int Members = 1000;
    private const int SubjectsPerRoom = 25;
    private const string PerCpuSecond = "deliveries per CPU second";
    private static readonly TimeSpan JoinLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BatchLimit = TimeSpan.FromSeconds(20);

    public string Name => "saturated";

    public bool IsQuick => false;

    public async Task<CaseResult> RunAsync(RunSettings settings)
    {
        Contestant[] contestants =
        [
            .. Contestant.Hubs(settings, HubSetup.FanOut(2)),
            Contestant.Peer(PeerSystem.SocketIo, 2),
        ];
        var samples = new Samples();
        await using var tenant = await Tenant.StartAsync(Rooms * SubjectsPerRoom);
        foreach (var contestant in Contestant.Interleave(contestants, settings.Repeats))
        {
            await RunOnceAsync(contestant, tenant, samples);
        }

        var result = new CaseResult(
            Name,
            $"two nodes saturated, rooms of {Members:N0} members",
            $"""
            {Rooms * Members:N0} clients; each watches {SubjectsPerRoom} people, and each person has {Members:N0}
            watchers, half of them on each node. Batches of {Rooms * SubjectsPerRoom} changes, one of each person; the
            next enters when all clients have the one before. {Duration.TotalSeconds:0} s after as much warm-up. A new
            pair of servers for each sample.
            """
        );
        samples.AddTo(result);
        result.AddTimes(
            "socket.io + adapter",
            "saturated, 1,000-member rooms, 2 nodes: deliveries per CPU second",
            "≥",
            10,
            result.Median(Contestant.Hub, PerCpuSecond) / result.Median(PeerSystem.SocketIo, PerCpuSecond)
        );
        return result;
    }

    private static async Task RunOnceAsync(Contestant contestant, Tenant tenant, Samples samples)
    {
        await using var system = await contestant.StartAsync(tenant);
        var ids = tenant.Subjects(Rooms * SubjectsPerRoom);
        await system.FillAsync(ids);
        var deliveries = new Deliveries(new ChangeLog(ids));

        // Clients take turns between the nodes, pairs of them between the rooms.
        var plan = new CrowdPlan(Rooms * Members, member =>
            Enumerable.Range(member / 2 % Rooms * SubjectsPerRoom, SubjectsPerRoom)
        );
        await using var crowd = await Crowd.CreateAsync(system, tenant, deliveries, plan);
        await crowd.JoinAsync(JoinLimit);
        await LoadAsync(deliveries, system, crowd);
        var started = Stopwatch.GetTimestamp();
        var window = await FanOutWindow.MeasureAsync(system, crowd, deliveries, .., () =>
            LoadAsync(deliveries, system, crowd)
        );
        samples.Add(contestant.Name, PerCpuSecond, "", window.Totals.Delivered / window.Cpu.TotalSeconds);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        samples.Add(contestant.Name, "deliveries per second", "", window.Totals.Delivered / elapsed);
        window.AddTo(samples, contestant.Name);
    }

    private static async Task LoadAsync(Deliveries deliveries, SystemUnderTest system, Crowd crowd)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < Duration)
        {
            var now = Stopwatch.GetTimestamp();
            await system.ApplyAsync([
                .. Enumerable
                    .Range(0, deliveries.Log.SubjectIds.Count)
                    .Select(subject => deliveries.Log.Add(subject, now)),
            ]);
            if (!await crowd.WaitUntilCurrentAsync(.., BatchLimit))
            {
                throw new TimeoutException(
                    $"{system.Name} did not deliver a batch within {BatchLimit.TotalSeconds:0} s"
                );
            }
        }
    }
}
