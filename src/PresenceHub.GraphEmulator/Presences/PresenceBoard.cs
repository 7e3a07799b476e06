using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Presences;

/// <summary>The presence of all people. A read applies all changes that are due. One lock orders the changes.</summary>
internal sealed class PresenceBoard
{
    private static readonly DateTimeOffset SequenceEpoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly Company _company;
    private readonly TimeProvider _time;
    private readonly PresenceStates _states = new();
    private readonly PersonPresence[] _people;
    private readonly WorkingDay _day;

    public PresenceBoard(Company company, GraphEmulatorOptions options, TimeProvider time)
    {
        _company = company;
        _time = time;
        var now = time.GetUtcNow();
        _day = new WorkingDay(options.Seed, company.Count, options.ChangePeriod, now, _states);
        _people = new PersonPresence[company.Count];
        foreach (ref var person in _people.AsSpan())
        {
            person.State = _day.DrawFirst();
            person.Sequence = NextSequence(0, now);
        }
    }

    /// <summary>Raised for each change in order, under the lock: a handler must only record it.</summary>
    public Action<PresenceChange>? Changed { get; set; }

    public long Changes { get; private set; }

    /// <summary>People change only when a caller sets their presence.</summary>
    public bool StandsStill => _day.StandsStill;

    public void Advance()
    {
        lock (_gate)
        {
            AdvanceToNow();
        }
    }

    public bool Exists(Guid id)
    {
        lock (_gate)
        {
            return _company.TryFind(id, out var person) && !_people[person].Deleted;
        }
    }

    public bool TryRead(Guid id, out PresenceReading reading)
    {
        lock (_gate)
        {
            AdvanceToNow();
            if (_company.TryFind(id, out var person) && !_people[person].Deleted)
            {
                reading = Read(person);
                return true;
            }

            reading = PresenceReading.UnknownOf(id);
            return false;
        }
    }

    /// <summary>Reads all people at one moment. Deleted people are left out.</summary>
    public List<PresenceReading> ReadRange(int from, int count)
    {
        lock (_gate)
        {
            AdvanceToNow();
            var readings = new List<PresenceReading>(Math.Min(count, _people.Length));
            for (var person = from; person < Math.Min(from + count, _people.Length); person++)
            {
                if (!_people[person].Deleted)
                {
                    readings.Add(Read(person));
                }
            }

            return readings;
        }
    }

    public bool TryPin(Guid id, PresenceState state)
    {
        return TryUpdate(id, (person, now) =>
        {
            _people[person].Pinned = true;
            Show(person, _states.Intern(state), now);
        });
    }

    public bool TryUnpin(Guid id) => TryUpdate(id, (person, _) => _people[person].Pinned = false);

    public bool TryDelete(Guid id) => TryUpdate(id, (person, _) => _people[person].Deleted = true);

    private bool TryUpdate(Guid id, Action<int, DateTimeOffset> update)
    {
        lock (_gate)
        {
            var now = AdvanceToNow();
            if (!_company.TryFind(id, out var person) || _people[person].Deleted)
            {
                return false;
            }

            update(person, now);
            return true;
        }
    }

    private DateTimeOffset AdvanceToNow()
    {
        var now = _time.GetUtcNow();
        while (_day.NextDue <= now)
        {
            var at = _day.NextDue;
            if (_day.TryStep(_people, out var person, out var state))
            {
                Show(person, state, at);
            }
        }

        return now;
    }

    private void Show(int person, ushort state, DateTimeOffset now)
    {
        ref var presence = ref _people[person];
        if (presence.State == state)
        {
            return;
        }

        presence.State = state;
        presence.Sequence = NextSequence(presence.Sequence, now);
        Changes++;
        Changed?.Invoke(new PresenceChange(person, _company.IdOf(person), _states[state], presence.Sequence));
    }

    private PresenceReading Read(int person)
    {
        ref readonly var presence = ref _people[person];
        return new PresenceReading(_company.IdOf(person), _states[presence.State], presence.Sequence);
    }

    // Tenths of a second keep the ten digits of the documented form, and a restarted emulator does not repeat old
    // versions.
    private static long NextSequence(long previous, DateTimeOffset now) =>
        Math.Max(previous + 1, (now - SequenceEpoch).Ticks / (TimeSpan.TicksPerSecond / 10));
}
