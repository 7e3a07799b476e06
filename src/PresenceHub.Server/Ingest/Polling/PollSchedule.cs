using System.Collections.Frozen;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Whom to read when: every watched subject once per interval, those asked for at once, none twice at the same time.</summary>
internal sealed class PollSchedule(PollPace pace, TimeProvider time)
{
    /// <summary>A subject is due after this part of its interval, give or take; the rest is left for waiting and reading.</summary>
    private const double EarliestPart = 0.75, JitterPart = 0.15;

    /// <summary>A page that is read anyway takes along what would be due within this part of the interval: fuller pages are fewer.</summary>
    private const double ReadAheadPart = 0.1;

    private static readonly TimeSpan InterestRestored = TimeSpan.FromSeconds(30);
    private const int MaxDoublings = 10;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstReadAgain = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<SubjectId, PollEntry> _entries = [];
    private readonly PriorityQueue<(PollEntry Entry, int Stamp), TimeSpan> _due = new();
    private readonly Queue<PollEntry> _hot = new();
    private readonly HintPace _hintPace = new();
    private IReadOnlySet<SubjectId> _covered = FrozenSet<SubjectId>.Empty;
    private int _version;
    private bool _isTurnOfDue;

    /// <summary>The schedule's own time.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Whether subjects outside subscriptions wait for one, and are read more often meanwhile; without accounts they wait for nothing.</summary>
    public bool AwaitsSubscriptions { get; set; } = true;

    /// <summary>Grows when a subject comes or goes.</summary>
    public int Version => Volatile.Read(ref _version);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    public int CoveredCount
    {
        get
        {
            lock (_gate)
            {
                return _covered.Count;
            }
        }
    }

    public SubjectId[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries.Keys];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                entry.IsRemoved = true;
            }

            _entries.Clear();
            _due.Clear();
            _hot.Clear();
            _covered = FrozenSet<SubjectId>.Empty;
            _version++;
        }
    }

    /// <summary>Takes over what is watched as of <paramref name="asOf"/>. Subjects asked for later stay until the next time.</summary>
    public void SetInterest(IReadOnlySet<SubjectId> interest, TimeSpan asOf)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                if (entry.KeptUntil < asOf && !entry.IsInFlight && !interest.Contains(entry.Subject))
                {
                    Remove(entry);
                }
            }

            foreach (var subject in interest)
            {
                if (!_entries.ContainsKey(subject))
                {
                    MakeHot(Add(subject));
                }
            }
        }
    }

    /// <summary>Asks for subjects to be read soon. Those not known yet are taken for newly watched.</summary>
    public void Hint(IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                var entry = _entries.GetValueOrDefault(subject) ?? Add(subject);
                entry.KeptUntil = Max(entry.KeptUntil, Now);
                MakeHot(entry);
            }
        }
    }

    /// <summary>
    /// Asks for all known subjects that fit to be read soon, since the store lost what it held of them. Looks at each one. What is
    /// watched may be lost with it: they stay until the nodes have written it anew.
    /// </summary>
    public void HintWhere(Predicate<SubjectId> predicate)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.Values)
            {
                if (predicate(entry.Subject))
                {
                    entry.KeptUntil = Max(entry.KeptUntil, Now + InterestRestored);
                    MakeHot(entry);
                }
            }
        }
    }

    /// <summary>Takes over which subjects are in a subscription. Those that no longer are get their shorter interval.</summary>
    public void SetCovered(IReadOnlySet<SubjectId> covered)
    {
        lock (_gate)
        {
            var before = _covered;
            _covered = covered;
            foreach (var subject in before)
            {
                if (!covered.Contains(subject) && _entries.TryGetValue(subject, out var entry) && pace.IsPeriodic && !entry.IsHot && !entry.IsInFlight)
                {
                    var due = Now + (UncoveredInterval * Random.Shared.NextDouble());
                    Schedule(entry, due < entry.Due ? due : entry.Due);
                }
            }
        }
    }

    /// <summary>Takes up to so many subjects that should be read now, those asked for first. Each must be given back.</summary>
    public IReadOnlyList<SubjectId> TakeDue(int max)
    {
        lock (_gate)
        {
            var page = new List<SubjectId>();
            var now = Now;
            if (_hot.Count > 0 && (_hintPace.IsOpen(now) || _hot.Count >= max) && !(_isTurnOfDue && IsDue(now)))
            {
                _hintPace.Taken(now);
                while (page.Count < max && _hot.TryDequeue(out var entry))
                {
                    if (entry is { IsHot: true, IsRemoved: false })
                    {
                        entry.IsHot = false;
                        Take(entry, page);
                    }
                }
            }

            // However many are asked for, every other page is left to those whose time has come.
            _isTurnOfDue = page.Count == max;

            // A page of subjects asked for is kept small, so that it is answered soon.
            var readAhead = page.Count > 0 ? TimeSpan.Zero : UncoveredInterval * ReadAheadPart;
            while (page.Count < max && IsDue(page.Count > 0 ? now + readAhead : now))
            {
                Take(_due.Dequeue().Entry, page);
            }

            return page;
        }
    }

    /// <summary>Gives subjects back that were read and stored.</summary>
    public void Confirm(IEnumerable<SubjectId> subjects) => GiveBack(subjects, entry =>
    {
        entry.Failures = 0;
        if (pace.IsPeriodic)
        {
            var interval = _covered.Contains(entry.Subject) ? pace.Covered : UncoveredInterval;
            Schedule(entry, Now + (interval * (EarliestPart + (JitterPart * Random.Shared.NextDouble()))));
        }
    });

    /// <summary>Gives subjects back that must be read again at once, since nothing told whether what was read is newer.</summary>
    public void ReadAgain(IEnumerable<SubjectId> subjects) => GiveBack(subjects, entry =>
        Schedule(entry, Now + Doubled(FirstReadAgain, entry.Failures++)));

    /// <summary>Gives subjects back that could not be read; they come up again later and later, but not before <paramref name="wait"/>.</summary>
    public void Retry(IEnumerable<SubjectId> subjects, TimeSpan wait) => GiveBack(subjects, entry =>
        Schedule(entry, Now + wait + (Doubled(FirstRetry, entry.Failures++) * (0.5 + (0.5 * Random.Shared.NextDouble())))));

    private TimeSpan UncoveredInterval => AwaitsSubscriptions ? pace.Uncovered : pace.Covered;

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Doubled(TimeSpan first, int times)
    {
        var delay = first * Math.Pow(2, Math.Min(times, MaxDoublings));
        return delay < LongestRetry ? delay : LongestRetry;
    }

    private void GiveBack(IEnumerable<SubjectId> subjects, Action<PollEntry> schedule)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if (!_entries.TryGetValue(subject, out var entry) || !entry.IsInFlight)
                {
                    continue;
                }

                entry.IsInFlight = false;
                if (entry.IsWantedAgain)
                {
                    entry.IsWantedAgain = false;
                    MakeHot(entry);
                }
                else
                {
                    schedule(entry);
                }
            }
        }
    }

    /// <summary>Whether the first of <see cref="_due"/> is; what is void before it is dropped.</summary>
    private bool IsDue(TimeSpan at)
    {
        while (_due.TryPeek(out var next, out _) && (next.Stamp != next.Entry.Stamp || next.Entry.IsRemoved))
        {
            _due.Dequeue();
        }

        return _due.TryPeek(out _, out var due) && due <= at;
    }

    private PollEntry Add(SubjectId subject)
    {
        var entry = new PollEntry(subject) { KeptUntil = TimeSpan.MinValue };
        _entries.Add(subject, entry);
        _version++;
        return entry;
    }

    private void Remove(PollEntry entry)
    {
        entry.IsRemoved = true;
        _entries.Remove(entry.Subject);
        _version++;
    }

    private void MakeHot(PollEntry entry)
    {
        if (entry.IsInFlight)
        {
            entry.IsWantedAgain = true;
        }
        else if (!entry.IsHot)
        {
            entry.IsHot = true;
            entry.Stamp++;
            _hot.Enqueue(entry);
        }
    }

    private void Schedule(PollEntry entry, TimeSpan due)
    {
        entry.Due = due;
        _due.Enqueue((entry, ++entry.Stamp), due);
    }

    private static void Take(PollEntry entry, List<SubjectId> page)
    {
        entry.IsInFlight = true;
        page.Add(entry.Subject);
    }
}
