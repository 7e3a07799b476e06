using System.Collections;
using PresenceHub.Fleet.Driving;
using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Checking;

/// <summary>
/// Checks at the end whether every view equals the store, and whether the store equals the emulator. A hub with changes
/// of its own never rests, so each subject is compared until every view holds at least what the store held just before;
/// that must happen in time for every subject.
/// </summary>
internal sealed class Oracle(
    StoreReader store,
    EmulatorClient? emulator,
    SubjectTable subjects,
    Violations violations,
    TimeProvider time
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task<OracleResult> CheckAsync(
        IReadOnlyList<IFleetMember> members,
        TimeSpan patience,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        var watched = members.SelectMany(member => member.View.Subjects).Distinct().Order().ToArray();
        var pending = watched.ToHashSet();
        var unlikeEmulator = emulator is null ? [] : watched.ToHashSet();
        var unreadable = new HashSet<int>();
        while (true)
        {
            var isLast = time.GetElapsedTime(started) >= patience;
            var shown = emulator is null ? null : await emulator.ReadAsync(cancellationToken);
            var entries = await store.ReadAsync(pending.Union(unlikeEmulator).Order(), cancellationToken);
            var notLive = members.Where(member => member.State is not MemberState.Live).ToArray();
            unreadable.UnionWith(pending.Where(subject => !entries.ContainsKey(subject)));
            pending.ExceptWith(unreadable);
            CompareViews(members, entries, pending, report: isLast);
            CompareEmulator(shown, entries, unlikeEmulator, unreadable);
            if ((pending.Count is 0 && unlikeEmulator.Count is 0 && notLive.Length is 0) || isLast)
            {
                Report(unlikeEmulator, notLive);
                return new OracleResult(
                    watched.Length,
                    members.Count,
                    pending.Count,
                    emulator is null ? null : unlikeEmulator.Count,
                    unreadable.Count,
                    notLive.Length,
                    time.GetElapsedTime(started).TotalSeconds
                );
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private void CompareViews(
        IReadOnlyList<IFleetMember> members,
        IReadOnlyDictionary<int, StoreEntry> entries,
        HashSet<int> pending,
        bool report
    )
    {
        var differing = new BitArray(subjects.Count);
        foreach (var member in members.Where(member => member.State is MemberState.Live))
        {
            var comparison = new StoreComparison(entries, differing);
            member.View.Visit(ref comparison);
            if (report && comparison.FirstDifference >= 0 && pending.Contains(comparison.FirstDifference))
            {
                violations.Add(
                    ViolationKind.Lost,
                    $"{member.Identity} does not hold what the store holds of "
                        + $"{subjects.TextOf(comparison.FirstDifference)}"
                );
            }
        }

        pending.RemoveWhere(subject => !differing[subject]);
    }

    // The emulator does not list deleted people; the store keeps their last entry for a while.
    private void CompareEmulator(
        IReadOnlyDictionary<Guid, PinnedPresence>? shown,
        IReadOnlyDictionary<int, StoreEntry> entries,
        HashSet<int> unlike,
        HashSet<int> unreadable
    ) =>
        unlike.RemoveWhere(subject =>
            unreadable.Contains(subject)
            || !shown!.TryGetValue(subjects.People[subject].Id, out var presence)
            || (entries.TryGetValue(subject, out var entry) && entry.State == presence.Print)
        );

    private void Report(HashSet<int> unlikeEmulator, IFleetMember[] notLive)
    {
        foreach (var subject in unlikeEmulator)
        {
            violations.Add(
                ViolationKind.Lost,
                $"the store does not hold what the emulator shows of {subjects.TextOf(subject)}"
            );
        }

        foreach (var member in notLive)
        {
            violations.Add(ViolationKind.NotLive, $"{member.Identity} is {member.State} at the end");
        }
    }
}
