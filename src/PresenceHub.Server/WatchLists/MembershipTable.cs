namespace PresenceHub.Server.WatchLists;

/// <summary>
/// The subjects of one watch list, by their number on this node, each with the position of the list among the watchers
/// of the subject. An open-addressing hash table with eight bytes per slot: a list of 50 subjects takes half a
/// kilobyte, an empty one nothing.
/// </summary>
internal struct MembershipTable
{
    private const int MinimumSlots = 8;

    // At most four fifths of the slots are in use, and a full table grows by half.
    private const int LoadNumerator = 4,
        LoadDenominator = 5;

    private Slot[]? _slots;

    public int Count { get; private set; }

    /// <summary>The numbers of all subjects, in no particular order.</summary>
    public readonly IEnumerable<int> Subjects => (_slots ?? []).Where(slot => slot.IsUsed).Select(slot => slot.Subject);

    public readonly bool Contains(int subject) => Find(subject) >= 0;

    /// <summary>The position of the list among the watchers of a subject that is in the table.</summary>
    public readonly int PositionOf(int subject) => _slots![Find(subject)].Position;

    public readonly void SetPosition(int subject, int position) => _slots![Find(subject)].Position = position;

    /// <summary>Adds a subject that is not in the table.</summary>
    public void Add(int subject, int position)
    {
        if (_slots is null || (Count + 1) * LoadDenominator > _slots.Length * LoadNumerator)
        {
            Resize(Math.Max(MinimumSlots, (_slots?.Length ?? 0) * 3 / 2));
        }

        Insert(subject, position);
        Count++;
    }

    /// <summary>Removes a subject that is in the table.</summary>
    public void Remove(int subject)
    {
        var slots = _slots!;
        var hole = Find(subject);
        Count--;
        if (Count is 0)
        {
            _slots = null;
            return;
        }

        // The following entries of the same run move up, so that a search never stops too early.
        for (var i = Next(hole); slots[i].IsUsed; i = Next(i))
        {
            var home = HomeOf(slots[i].Subject);
            if (Distance(home, i) >= Distance(hole, i))
            {
                slots[hole] = slots[i];
                hole = i;
            }
        }

        slots[hole] = default;
    }

    private readonly int Find(int subject)
    {
        if (_slots is { } slots)
        {
            for (var i = HomeOf(subject); slots[i].IsUsed; i = Next(i))
            {
                if (slots[i].Subject == subject)
                {
                    return i;
                }
            }
        }

        return -1;
    }

    private readonly void Insert(int subject, int position)
    {
        var i = HomeOf(subject);
        while (_slots![i].IsUsed)
        {
            i = Next(i);
        }

        _slots[i] = new Slot(subject, position);
    }

    private void Resize(int length)
    {
        var old = _slots ?? [];
        _slots = new Slot[length];
        foreach (var slot in old)
        {
            if (slot.IsUsed)
            {
                Insert(slot.Subject, slot.Position);
            }
        }
    }

    private readonly int HomeOf(int subject)
    {
        const uint Golden = 2654435769;
        return (int)(((ulong)(unchecked((uint)subject * Golden)) * (ulong)_slots!.Length) >> 32);
    }

    private readonly int Next(int i) => i + 1 == _slots!.Length ? 0 : i + 1;

    private readonly int Distance(int from, int to) => to >= from ? to - from : to + _slots!.Length - from;

    private struct Slot(int subject, int position)
    {
        // One more than the number: zero marks a free slot.
        private readonly int _key = subject + 1;

        public readonly bool IsUsed => _key is not 0;

        public readonly int Subject => _key - 1;

        public int Position { get; set; } = position;
    }
}
