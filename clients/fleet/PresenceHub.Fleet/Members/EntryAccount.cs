using System.Text;
using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Driving;
using PresenceHub.Fleet.Hub;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Watching;

namespace PresenceHub.Fleet.Members;

/// <summary>Accounts for every entry of every member: counts it, judges it, and measures how late it is.</summary>
internal sealed class EntryAccount(
    SubjectTable subjects,
    ChangeLog changes,
    ChangeToken token,
    FleetRecords records,
    TimeProvider time
)
{
    private readonly ReceiveClock _clock = new(time);

    public FleetRecords Records { get; } = records;

    public void Entry(MemberIdentity member, MemberView view, in EntryView entry, EntrySource source, long receivedAt)
    {
        var isPush = source is EntrySource.Push;
        (isPush ? Records.Counters.Pushed : Records.Counters.Answered).Increment();
        if (isPush && entry.Freshness is EntryFreshness.Stale)
        {
            Records.Counters.PushedStale.Increment();
        }

        var change = token.Read(entry.Activity);
        var update = subjects.TryFind(entry.Id, out var subject)
            ? view.Apply(subject, in entry, source, change)
            : new ViewUpdate(EntryVerdict.NeverAskedFor, -1, false);
        if (Kind(update.Verdict) is { } violation)
        {
            Records.Violations.Add(violation, Describe(member, in entry, source));
        }

        // Answers bring what was missed while a client was away: that is no delay of the hub.
        if (isPush && update.Verdict is EntryVerdict.Newer && member.Kind is MemberKind.Healthy or MemberKind.Canary)
        {
            Measure(subject, in entry, change, in update, receivedAt);
        }
    }

    public bool TryFind(string id, out int subject)
    {
        subject = -1;
        return Guid.TryParse(id, out var guid) && subjects.TryFind(guid, out subject);
    }

    public bool TryFind(Guid id, out int subject) => subjects.TryFind(id, out subject);

    private void Measure(int subject, in EntryView entry, int change, in ViewUpdate update, long receivedAt)
    {
        var previous = update.PreviousChange;
        if (changes.IntendedOf(subject, change) is { } intended)
        {
            if (change > previous)
            {
                Records.Latencies.Change.Record(intended, receivedAt);
                Records.Latencies.Staleness.Record(changes.IntendedOf(subject, previous + 1)!.Value, receivedAt);
                Records.Counters.Delivered.Increment();
                Records.Counters.Skipped.Add(change - previous - 1);
            }
        }
        else if (
            changes.Total is 0
            && update.WasObserved
            && entry.Freshness is EntryFreshness.Live
            && _clock.MicrosecondsSince(entry.Since, receivedAt) is { } age
        )
        {
            Records.Latencies.Change.RecordMicroseconds(age);
            Records.Counters.Delivered.Increment();
        }
    }

    private static ViolationKind? Kind(EntryVerdict verdict) =>
        verdict switch
        {
            EntryVerdict.Reversed => ViolationKind.Reversed,
            EntryVerdict.Duplicated => ViolationKind.Duplicated,
            EntryVerdict.Conflicting => ViolationKind.Conflicting,
            EntryVerdict.NeverAskedFor => ViolationKind.NeverAskedFor,
            _ => null,
        };

    private static string Describe(MemberIdentity member, in EntryView entry, EntrySource source)
    {
        var observed = Encoding.UTF8.GetString(entry.ObservedAt);
        return $"{member} got by {(source is EntrySource.Push ? "push" : "answer")} {entry.Id} "
            + $"{entry.Epoch}/{entry.Revision} {entry.Freshness}, observed {observed}";
    }
}
