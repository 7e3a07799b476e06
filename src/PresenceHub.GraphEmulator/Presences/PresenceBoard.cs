using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Presences;

/// <summary>The presence of all people. A read advances it to the current time. One lock orders all changes.</summary>
internal sealed class PresenceBoard
{
    private static readonly DateTimeOffset SequenceEpoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly Company _company;
    private readonly TimeProvider _time;
    private readonly PresenceStates _states = new();
    private readonly PersonPresence[] _people;
    private readonly Dictionary<int, PersonSessions> _sessions = [];
    private readonly PriorityQueue<int, DateTimeOffset> _turns = new();
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
            person.Client = person.Shown = _day.DrawFirst();
            person.Sequence = NextSequence(0, now);
        }
    }

    /// <summary>Raised for each change in order, under the lock: a handler must only record it.</summary>
    public Action<PresenceChange>? Changed { get; set; }

    public long Changes { get; private set; }

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
            _people[person].Client = _states.Intern(state);
            Show(person, now);
        });
    }

    public bool TryUnpin(Guid id)
    {
        return TryUpdate(id, (person, now) =>
        {
            _people[person].Pinned = false;
            Show(person, now);
        });
    }

    public bool TryDelete(Guid id) => TryUpdate(id, (person, _) => _people[person].Deleted = true);

    /// <summary>Changes the sessions and the preference of a person, and updates the presence.</summary>
    public bool TryChangeSessions(Guid id, Action<PersonSessions, DateTimeOffset> change)
    {
        return TryUpdate(id, (person, now) =>
        {
            var sessions = SessionsOf(person);
            change(sessions, now);
            Schedule(person, sessions, now);
            Show(person, now);
        });
    }

    public bool TrySetStatusMessage(Guid id, StatusMessage? message)
    {
        return TryUpdate(id, (person, now) =>
        {
            SessionsOf(person).StatusMessage = message;
            _people[person].Sequence = NextSequence(_people[person].Sequence, now);
        });
    }

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
        while (true)
        {
            var turn = _turns.TryPeek(out _, out var due) ? due : DateTimeOffset.MaxValue;
            if (turn <= now && turn <= _day.NextDue)
            {
                var person = _turns.Dequeue();
                if (_sessions[person] is var sessions && sessions.Scheduled == turn)
                {
                    Schedule(person, sessions, turn);
                    Show(person, turn);
                }
            }
            else if (_day.NextDue <= now)
            {
                var at = _day.NextDue;
                if (_day.TryStep(_people, out var person, out var state))
                {
                    _people[person].Client = state;
                    Show(person, at);
                }
            }
            else
            {
                return now;
            }
        }
    }

    private void Schedule(int person, PersonSessions sessions, DateTimeOffset now)
    {
        var next = sessions.NextTurn(now);
        if (next is { } turn && next != sessions.Scheduled)
        {
            _turns.Enqueue(person, turn);
        }

        sessions.Scheduled = next;
    }

    private void Show(int person, DateTimeOffset now)
    {
        ref var presence = ref _people[person];
        var shown =
            presence.HasSessions && !presence.Pinned
                ? _states.Intern(_sessions[person].Aggregate(_states[presence.Client], now))
                : presence.Client;
        if (shown == presence.Shown)
        {
            return;
        }

        presence.Shown = shown;
        presence.Sequence = NextSequence(presence.Sequence, now);
        Changes++;
        Changed?.Invoke(new PresenceChange(person, _company.IdOf(person), _states[shown], presence.Sequence));
    }

    private PresenceReading Read(int person)
    {
        ref readonly var presence = ref _people[person];
        var message = presence.HasSessions ? _sessions[person].StatusMessage : null;
        return new PresenceReading(_company.IdOf(person), _states[presence.Shown], presence.Sequence, message);
    }

    private PersonSessions SessionsOf(int person)
    {
        if (_sessions.TryGetValue(person, out var sessions))
        {
            return sessions;
        }

        _people[person].HasSessions = true;
        return _sessions[person] = new PersonSessions();
    }

    // Tenths of a second keep the ten digits of the documented form, and a restarted emulator does not repeat old
    // versions.
    private static long NextSequence(long previous, DateTimeOffset now) =>
        Math.Max(previous + 1, (now - SequenceEpoch).Ticks / (TimeSpan.TicksPerSecond / 10));
}
