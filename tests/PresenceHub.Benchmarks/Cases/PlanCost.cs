using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Polling;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>What the leader spends on 100,000 watched people besides waiting for Graph. In CPU time of this
/// process.</summary>
internal static class PlanCost
{
    private const int People = 100_000;
    private const int Rounds = 20;

    public static void Run()
    {
        var subjects = Enumerable.Range(0, People).Select(_ => new SubjectId(Guid.NewGuid())).ToArray();
        var watched = subjects.ToHashSet();
        var accounts = subjects
            .Chunk(AccountSubscription.Capacity)
            .Select(chunk => new AccountState(chunk.ToFrozenSet(), CanHold: true, IsFailing: false))
            .ToArray();
        var empty = accounts.Select(account => account with { Covered = [] }).ToArray();
        Print("plan from nothing", () => SubscriptionPlan.Assign(watched, empty));
        Print("plan with all subjects covered", () => SubscriptionPlan.Assign(watched, accounts));
        Print("set of all who are covered", () => accounts.SelectMany(account => account.Covered).ToFrozenSet());

        var leases = new WatchedSubjects(TimeProvider.System);
        var schedule = new PollSchedule(
            leases,
            new PollPace(true, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)),
            new PageAdmission(),
            TimeProvider.System
        );
        Print("take over who is watched", () => leases.SetHeld(watched, leases.Now));
        Print("a period of pages", () =>
        {
            for (var pages = 0; pages <= People / PresenceReader.MaxPageSize; pages++)
            {
                schedule.Refresh(
                    subjects
                        .AsSpan(
                            pages * PresenceReader.MaxPageSize,
                            Math.Min(PresenceReader.MaxPageSize, People - (pages * PresenceReader.MaxPageSize))
                        )
                        .ToArray()
                );
                schedule.Confirm(schedule.TakeDue(PresenceReader.MaxPageSize));
            }
        });
    }

    private static void Print(string name, Action act)
    {
        act();
        using var process = Process.GetCurrentProcess();
        var begun = process.TotalProcessorTime;
        for (var round = 0; round < Rounds; round++)
        {
            act();
        }

        process.Refresh();
        var each = (process.TotalProcessorTime - begun).TotalMilliseconds / Rounds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {each:0.0} ms"));
    }
}
