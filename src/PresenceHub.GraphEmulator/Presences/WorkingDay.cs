namespace PresenceHub.GraphEmulator.Presences;

/// <summary>
/// Decides which person changes, when and to which presence. A day from 7 to 19 is compressed so that each person
/// changes about twelve times. There is one draw per change, independent of the number of people: no schedule is kept.
/// </summary>
internal sealed class WorkingDay
{
    private const int ChangesPerPersonAndDay = 12;
    private const int Draws = 16;
    private const double HoursPerDay = 12;
    private const double FirstHour = 7;
    private const double StartHour = 9.5;

    private static readonly PresenceState[] Kinds =
    [
        PresenceState.Available,
        PresenceState.Busy,
        PresenceState.InACall,
        PresenceState.InAConferenceCall,
        PresenceState.InAMeeting,
        PresenceState.DoNotDisturb,
        PresenceState.Presenting,
        PresenceState.Focusing,
        PresenceState.Away,
        PresenceState.BeRightBack,
        PresenceState.OffWork,
        PresenceState.Offline,
        PresenceState.AvailableOutOfOffice,
    ];

    // One row from the given hour on: the share of people in each of Kinds, in per cent.
    private static readonly (double FromHour, int[] Shares)[] Phases =
    [
        (7, [22, 2, 2, 1, 4, 1, 0, 1, 10, 2, 48, 4, 3]),
        (9, [38, 6, 9, 3, 19, 2, 4, 4, 6, 3, 2, 1, 3]),
        (12, [18, 3, 4, 1, 6, 2, 1, 2, 40, 17, 2, 1, 3]),
        (13, [34, 6, 11, 4, 21, 2, 5, 4, 6, 2, 1, 1, 3]),
        (17, [18, 3, 4, 1, 5, 1, 1, 1, 13, 2, 46, 2, 3]),
        (18, [6, 1, 2, 0, 1, 1, 0, 0, 8, 1, 75, 2, 3]),
    ];

    private readonly ushort[] _codes;
    private readonly ushort _inAMeeting;
    private readonly ushort _presenting;
    private readonly Random _random;
    private readonly TimeSpan _changePeriod;
    private readonly TimeSpan _dayLength;
    private readonly DateTimeOffset _start;

    public WorkingDay(int seed, int people, TimeSpan changePeriod, DateTimeOffset start, PresenceStates states)
    {
        _random = new Random(seed);
        _changePeriod = changePeriod;
        _dayLength = changePeriod * people * ChangesPerPersonAndDay;
        _start = start;
        _codes = [.. Kinds.Select(states.Intern)];
        _inAMeeting = states.Intern(PresenceState.InAMeeting);
        _presenting = states.Intern(PresenceState.Presenting);
        NextDue = StandsStill ? DateTimeOffset.MaxValue : start + NextGap();
    }

    /// <summary>No change is ever due.</summary>
    public bool StandsStill => _changePeriod == TimeSpan.Zero;

    public DateTimeOffset NextDue { get; private set; }

    public ushort DrawFirst() => Draw(StartHour);

    /// <summary>
    /// Draws the change that is due. False when all people drawn are pinned, deleted or already have the presence of
    /// the hour.
    /// </summary>
    public bool TryStep(ReadOnlySpan<PersonPresence> people, out int person, out ushort state)
    {
        var hour = HourAt(NextDue);
        NextDue += NextGap();
        for (var draw = 0; draw < Draws; draw++)
        {
            person = _random.Next(people.Length);
            state = Draw(hour);
            ref readonly var current = ref people[person];
            if (state == _presenting && current.State != _inAMeeting)
            {
                state = _inAMeeting;
            }

            if (!current.Pinned && !current.Deleted && state != current.State)
            {
                return true;
            }
        }

        (person, state) = (0, 0);
        return false;
    }

    private double HourAt(DateTimeOffset now) =>
        FirstHour + ((StartHour - FirstHour + ((now - _start) / _dayLength * HoursPerDay)) % HoursPerDay);

    private ushort Draw(double hour)
    {
        var phase = Phases.Length - 1;
        while (phase > 0 && Phases[phase].FromHour > hour)
        {
            phase--;
        }

        var shares = Phases[phase].Shares;
        var left = _random.Next(100);
        for (var kind = 0; kind < shares.Length; kind++)
        {
            left -= shares[kind];
            if (left < 0)
            {
                return _codes[kind];
            }
        }

        return _codes[0];
    }

    private TimeSpan NextGap() =>
        TimeSpan.FromTicks(Math.Max(1, (long)(-Math.Log(1 - _random.NextDouble()) * _changePeriod.Ticks)));
}
