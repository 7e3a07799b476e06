using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Checking;

/// <summary>
/// The entries of one client's watch list, and the rules for the entries that may reach it. It outlives connections:
/// the contract promises order across reconnects too.
/// </summary>
internal sealed class MemberView(int[] subjects, TimeProvider time)
{
    /// <summary>A frame may be in flight when the hub answers that the subject is no longer watched.</summary>
    private static readonly TimeSpan RemovalGrace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();

    // Subjects that were unwatched. Bounded by churn: an entry is dropped when its grace is over and the next one
    // comes.
    private readonly Dictionary<int, long> _removed = [];
    private int[] _subjects = subjects;
    private ViewSlot[] _slots = NewSlots(subjects.Length);

    /// <summary>The watched subjects in ascending order.</summary>
    public IReadOnlyList<int> Subjects
    {
        get
        {
            lock (_gate)
            {
                return _subjects;
            }
        }
    }

    /// <summary>Whether every watched subject has an entry or was rejected.</summary>
    public bool IsAnswered
    {
        get
        {
            lock (_gate)
            {
                return Array.TrueForAll(_slots, slot => slot.HasEntry || slot.IsRejected || slot.IsRevoked);
            }
        }
    }

    /// <summary>A new connection begins: the order of pushes is that of a connection.</summary>
    public void BeginConnection()
    {
        lock (_gate)
        {
            foreach (ref var slot in _slots.AsSpan())
            {
                slot.HasPush = false;
                slot.IsRejected = false;
            }
        }
    }

    /// <summary>
    /// A <c>Watch</c> of these subjects is sent. On a new connection its answer is bound to what is held only by a
    /// cursor.
    /// </summary>
    public void Asked(ReadOnlySpan<int> asked, bool boundToHeld)
    {
        lock (_gate)
        {
            foreach (var subject in asked)
            {
                if (Find(subject) is var at and >= 0)
                {
                    ref var slot = ref _slots[at];
                    slot.HeldWhenAsked = boundToHeld ? slot.Held : default;
                    slot.AskedSincePush = true;
                }
            }
        }
    }

    public void Rejected(int subject) => Update(subject, static (ref ViewSlot slot) => slot.IsRejected = true);

    public void Revoked(int subject) => Update(subject, static (ref ViewSlot slot) => slot.IsRevoked = true);

    /// <summary>
    /// Replaces one watched subject by another, which has no entry yet. Pushes of the first are accepted until
    /// <see cref="RemovalAnswered"/>. Returns false if the first is not watched or the second already is.
    /// </summary>
    public bool TryReplace(int removed, int added)
    {
        lock (_gate)
        {
            if (Find(removed) < 0 || Find(added) >= 0)
            {
                return false;
            }

            var slots = _subjects
                .Zip(_slots)
                .Where(pair => pair.First != removed)
                .Append((added, NewSlots(1)[0]))
                .OrderBy(pair => pair.Item1)
                .ToArray();
            (_subjects, _slots) = ([.. slots.Select(pair => pair.Item1)], [.. slots.Select(pair => pair.Item2)]);
            _removed.Remove(added);
            _removed[removed] = long.MaxValue;
            return true;
        }
    }

    /// <summary>The hub has answered that a replaced subject is no longer watched, or the connection is lost.</summary>
    public void RemovalAnswered(int subject)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            foreach (var over in _removed.Where(pair => pair.Value < now).Select(pair => pair.Key).ToArray())
            {
                _removed.Remove(over);
            }

            _removed[subject] = now + (long)(RemovalGrace.TotalSeconds * time.TimestampFrequency);
        }
    }

    /// <summary>Checks an entry and keeps it if it is not older than the held one.</summary>
    /// <param name="change">The number of the driven change in the entry; -1 for none.</param>
    public ViewUpdate Apply(int subject, in EntryView entry, EntrySource source, int change)
    {
        lock (_gate)
        {
            var at = Find(subject);
            if (at < 0)
            {
                return new ViewUpdate(
                    IsLate(subject, source) ? EntryVerdict.Late : EntryVerdict.NeverAskedFor,
                    -1,
                    false
                );
            }

            ref var slot = ref _slots[at];
            var (previous, wasObserved) = (slot.Change, slot.HasEntry && slot.Held.Revision != 0);
            return new ViewUpdate(Apply(ref slot, in entry, source, change), previous, wasObserved);
        }
    }

    /// <summary>Passes every watched subject with its slot to the visitor, under the lock.</summary>
    public void Visit<T>(ref T visitor)
        where T : struct, IViewVisitor
    {
        lock (_gate)
        {
            for (var at = 0; at < _subjects.Length; at++)
            {
                visitor.Visit(_subjects[at], in _slots[at]);
            }
        }
    }

    private static EntryVerdict Apply(ref ViewSlot slot, in EntryView entry, EntrySource source, int change)
    {
        var order = new EntryOrder(entry.Epoch, entry.Revision);
        var state = EntryPrint.OfState(entry.Availability, entry.Activity);
        var verdict = source is EntrySource.Push ? JudgePush(ref slot, order, in entry) : JudgeAnswer(in slot, order);
        var comparison = slot.HasEntry ? order.CompareTo(slot.Held) : 1;
        if (comparison == 0 && entry.Revision != 0 && slot.State != state && verdict is EntryVerdict.Same)
        {
            verdict = EntryVerdict.Conflicting;
        }

        if (comparison >= 0)
        {
            (slot.Held, slot.State, slot.HasEntry) = (order, state, true);
            slot.Change = Math.Max(slot.Change, change);
        }

        return verdict is EntryVerdict.Same && comparison != 0
            ? comparison > 0
                ? EntryVerdict.Newer
                : EntryVerdict.Overlapping
            : verdict;
    }

    private static EntryVerdict JudgePush(ref ViewSlot slot, EntryOrder order, in EntryView entry)
    {
        if (slot.IsRejected || slot.IsRevoked)
        {
            return EntryVerdict.NeverAskedFor;
        }

        var confirmation = EntryPrint.OfConfirmation(in entry);
        var verdict = EntryVerdict.Same;
        if (slot.HasPush)
        {
            var comparison = order.CompareTo(slot.Pushed);
            if (comparison < 0)
            {
                return EntryVerdict.Reversed;
            }

            // A push that repeats the last one is a duplicate, unless a Watch in between has asked for the subject
            // again.
            if (comparison == 0 && confirmation == slot.PushedConfirmation && !slot.AskedSincePush)
            {
                verdict = EntryVerdict.Duplicated;
            }
        }

        (slot.Pushed, slot.PushedConfirmation, slot.HasPush, slot.AskedSincePush) = (order, confirmation, true, false);
        return verdict;
    }

    private static EntryVerdict JudgeAnswer(in ViewSlot slot, EntryOrder order) =>
        order.CompareTo(slot.HeldWhenAsked) < 0 ? EntryVerdict.Reversed : EntryVerdict.Same;

    private static ViewSlot[] NewSlots(int count)
    {
        var slots = new ViewSlot[count];
        foreach (ref var slot in slots.AsSpan())
        {
            slot.Change = -1;
        }

        return slots;
    }

    private int Find(int subject) => Array.BinarySearch(_subjects, subject);

    // An answer in flight may hold an entry of a subject that was unwatched meanwhile.
    private bool IsLate(int subject, EntrySource source) =>
        source is EntrySource.Answer || (_removed.TryGetValue(subject, out var until) && time.GetTimestamp() <= until);

    private void Update(int subject, SlotUpdate update)
    {
        lock (_gate)
        {
            if (Find(subject) is var at and >= 0)
            {
                update(ref _slots[at]);
            }
        }
    }

    private delegate void SlotUpdate(ref ViewSlot slot);
}
