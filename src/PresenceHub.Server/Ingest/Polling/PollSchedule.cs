using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// When to read which subject: every watched one once per interval, refreshes at once, none twice at the same time, and
/// those for which Graph refuses a page alone. Follows the events of <see cref="WatchedSubjects"/>.
/// </summary>
internal sealed class PollSchedule
{
    /// <summary>An unwatched subject is dropped after so many failed reads: its caller no longer waits.</summary>
    private const int MaxFailuresOfUnwatched = 3;

    /// <summary>Within this time the nodes have written leases again that the store has lost.</summary>
    private static readonly TimeSpan InterestRestored = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly WatchedSubjects _watched;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly PollDelays _delays;
    private readonly PollEntries _entries = new();
    private readonly PollQueues _queues;
    private readonly Quarantine _quarantine = new();

    public PollSchedule(WatchedSubjects watched, PollPace pace, PageAdmission admission, TimeProvider time)
    {
        (_watched, _time, _origin) = (watched, time, time.GetTimestamp());
        _delays = new PollDelays(watched, pace);
        _queues = new PollQueues(admission);

        // Never unsubscribed: the watched subjects live no longer than their schedule.
        watched.Changed += FollowLeases;
        watched.CoverageEnded += ShortenIntervals;
        watched.RefreshRequested += Refresh;
    }

    /// <summary>The schedule's own time.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_origin);

    public PollCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return new PollCounts(_entries.All.Count, _entries.UnknownCount, _quarantine.Count);
            }
        }
    }

    public Knowledge KnowledgeOf(SubjectId subject)
    {
        lock (_gate)
        {
            return _entries.Find(subject)?.Knowledge ?? Knowledge.NotRead;
        }
    }

    /// <summary>Forgets everything, and who is watched with it: a request that comes in between is then known to both
    /// or to none.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _watched.Clear();
            _entries.Clear();
            _queues.Clear();
            _quarantine.Clear();
        }
    }

    /// <summary>
    /// Adds subjects that Graph did not know in a recent answer, before a node watches them. They are read when that
    /// answer has lapsed.
    /// </summary>
    public void AssumeUnknown(IEnumerable<(SubjectId Subject, TimeSpan Age)> answers)
    {
        lock (_gate)
        {
            foreach (var (subject, age) in answers)
            {
                if (
                    _entries.Find(subject) is null
                    && _watched.HasRoomForUnconfirmed
                    && Add(subject) is { IsQuarantined: false } entry
                )
                {
                    entry.ReadAt = Now - age;
                    _entries.SetKnowledge(entry, Knowledge.Unknown);
                    _queues.Schedule(entry, Now + UnknownSubjects.Lifetime - age);
                }
            }
        }
    }

    /// <summary>Has subjects read soon. Unwatched ones are read once; when too many of them wait, they are
    /// dropped.</summary>
    public void Refresh(IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if ((_entries.Find(subject) ?? (MayReadOnce(subject) ? Add(subject) : null)) is { } entry)
                {
                    _queues.Refresh(entry);
                }
            }
        }
    }

    /// <summary>
    /// Has all subjects that fit read soon, since the store lost what it held of them. The leases may be lost with it:
    /// the subjects stay watched until the nodes have written them again.
    /// </summary>
    public void RefreshWhere(Predicate<SubjectId> predicate)
    {
        _watched.KeepWhere(predicate, InterestRestored);
        lock (_gate)
        {
            foreach (var entry in _entries.All)
            {
                if (predicate(entry.Subject))
                {
                    _queues.Refresh(entry);
                }
            }
        }
    }

    /// <summary>Takes up to so many subjects that should be read now, refreshes first. Each must be given
    /// back.</summary>
    public IReadOnlyList<SubjectId> TakeDue(int max)
    {
        lock (_gate)
        {
            return [.. _queues.Take(max, Now, _delays.ReadAhead).Select(entry => entry.Subject)];
        }
    }

    /// <summary>Some of these subjects, a page or a part of one, are requested a second time, since the answer left
    /// them out.</summary>
    public void SecondRead(IEnumerable<SubjectId> page)
    {
        lock (_gate)
        {
            _queues.SecondRead(page.Select(_entries.Find).OfType<PollEntry>(), Now);
        }
    }

    /// <summary>Gives subjects back that were read and stored.</summary>
    public void Confirm(IEnumerable<SubjectId> subjects) =>
        GiveBack(subjects, entry => AfterAnswer(entry, Knowledge.Known));

    /// <summary>Gives subjects back that Graph does not know.</summary>
    public void ConfirmUnknown(IEnumerable<SubjectId> subjects) =>
        GiveBack(subjects, entry => AfterAnswer(entry, Knowledge.Unknown));

    /// <summary>Gives subjects back whose reading cannot be ordered against the stored one; they are refreshed
    /// soon.</summary>
    public void RetryAmbiguous(IEnumerable<SubjectId> subjects) =>
        GiveBack(subjects, entry => PollDelays.AfterAmbiguity(++entry.Failures));

    /// <summary>Gives subjects back that could not be read; they come up again later and later, but not before
    /// <paramref name="wait"/>.</summary>
    public void Retry(IEnumerable<SubjectId> subjects, TimeSpan wait) =>
        GiveBack(subjects, entry => wait + PollDelays.AfterFailure(++entry.Failures));

    /// <summary>
    /// Gives a subject back for which Graph refuses a page: it is read alone, again with growing delay, but not before
    /// <paramref name="wait"/>.
    /// </summary>
    public void SetApart(SubjectId subject, TimeSpan wait) => GiveBack([subject], entry =>
        {
            entry.Failures++;
            entry.IsQuarantined = _quarantine.TryAdd(subject, Now, wait, out var until);

            // Those for which there is no room are read with others, so they wait longer and longer too.
            var (left, delay) = (until - Now, PollDelays.AfterFailure(entry.Failures));
            return entry.IsQuarantined || left > delay ? left : delay;
        });

    /// <summary>Subjects that are watched now are read soon, unless they are in flight or fresh.</summary>
    private void FollowLeases(IReadOnlyCollection<SubjectId> changed)
    {
        lock (_gate)
        {
            foreach (var subject in changed)
            {
                var entry = _entries.Find(subject);
                var isWatched = _watched.LeaseOf(subject) is not Lease.None;
                if (isWatched)
                {
                    entry ??= Add(subject);
                    entry.IsWatched = true;
                    _watched.SetKnowledge(subject, entry.Knowledge);
                    if (!entry.IsInFlight && !_delays.IsFresh(entry, Now))
                    {
                        _queues.Refresh(entry);
                    }
                }
                else if (entry is not null)
                {
                    entry.IsWatched = false;
                    if (!entry.IsInFlight)
                    {
                        _entries.Remove(entry);
                    }
                }
            }
        }
    }

    private void ShortenIntervals(IReadOnlyCollection<SubjectId> uncovered)
    {
        lock (_gate)
        {
            foreach (var subject in uncovered)
            {
                if (
                    _entries.Find(subject)
                        is { Lane: null, IsInFlight: false, IsQuarantined: false, Knowledge: Knowledge.Known } entry
                    && _delays.AfterCoverage() is { } delay
                )
                {
                    _queues.Schedule(entry, Now + delay < entry.Due ? Now + delay : entry.Due);
                }
            }
        }
    }

    private TimeSpan? AfterAnswer(PollEntry entry, Knowledge knowledge)
    {
        (entry.Failures, entry.ReadAt) = (0, Now);
        entry.IsQuarantined = false;
        _quarantine.Remove(entry.Subject);
        if (entry.IsWatched && entry.Knowledge != knowledge)
        {
            _watched.SetKnowledge(entry.Subject, knowledge);
        }

        _entries.SetKnowledge(entry, knowledge);
        return _delays.AfterAnswer(entry);
    }

    private void GiveBack(IEnumerable<SubjectId> subjects, Func<PollEntry, TimeSpan?> delayOf)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if (_entries.Find(subject) is { IsInFlight: true } entry)
                {
                    _queues.GiveBack(entry, Now + delayOf(entry));
                    RemoveIfUnwatched(entry);
                }
            }
        }
    }

    private bool MayReadOnce(SubjectId subject) =>
        _queues.HasRoomForOnce && !(_quarantine.TryGet(subject, out var until) && until > Now);

    private PollEntry Add(SubjectId subject)
    {
        var entry = _entries.Add(subject);
        if (_quarantine.TryGet(subject, out var until))
        {
            entry.IsQuarantined = true;
            _queues.Schedule(entry, until);
        }

        return entry;
    }

    /// <summary>Drops an unwatched subject, unless it waits to be read for a caller.</summary>
    private void RemoveIfUnwatched(PollEntry entry)
    {
        var isWaiting = entry.Lane is not null || entry.Failures is > 0 and < MaxFailuresOfUnwatched;
        if (!entry.IsWatched && (entry.IsQuarantined || !isWaiting))
        {
            _entries.Remove(entry);
        }
    }
}
