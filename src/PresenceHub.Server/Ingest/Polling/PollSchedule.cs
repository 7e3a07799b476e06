using PresenceHub.Contracts;
using PresenceHub.Server.Ingest.Coverage;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// When to read which subject: every watched one once per interval, those asked for at once, none twice at the same
/// time, and those for which Graph refuses a page alone.
/// </summary>
internal sealed class PollSchedule(PollPace pace, TimeProvider time) : IWatchedSubjects
{
    /// <summary>An unwatched subject is dropped after so many failed reads: its caller no longer waits.</summary>
    private const int MaxFailuresOfUnwatched = 3;

    private static readonly TimeSpan InterestRestored = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly PollDelays _delays = new(pace);
    private readonly PollEntries _entries = new();
    private readonly PollQueues _queues = new();
    private readonly Quarantine _quarantine = new();

    /// <summary>The schedule's own time.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public bool AwaitsSubscriptions
    {
        get => _delays.AwaitsSubscriptions;
        set => _delays.AwaitsSubscriptions = value;
    }

    /// <inheritdoc cref="PollEntries.Version"/>
    public int Version => _entries.Version;

    /// <inheritdoc/>
    public int WatchedCount => Counts.Watched;

    public PollCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return new PollCounts(
                    _entries.All.Count,
                    _entries.WatchedCount,
                    _entries.Covered.Count,
                    _entries.UnknownCount,
                    _quarantine.Count
                );
            }
        }
    }

    /// <summary>Those that a node watches.</summary>
    public HashSet<SubjectId> Watched()
    {
        lock (_gate)
        {
            return _entries.Watched();
        }
    }

    /// <inheritdoc cref="PollEntries.Plannable"/>
    public HashSet<SubjectId> Plannable(IReadOnlySet<SubjectId> covered)
    {
        lock (_gate)
        {
            return _entries.Plannable(covered);
        }
    }

    public (Lease Lease, Knowledge Knowledge) StateOf(SubjectId subject)
    {
        lock (_gate)
        {
            return _entries.Find(subject) is { } entry ? (entry.Lease, entry.Knowledge) : default;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _queues.Clear();
            _quarantine.Clear();
        }
    }

    /// <summary>
    /// Takes over what is watched as of <paramref name="asOf"/>; subjects announced later stay until the next time.
    /// Returns what was read of subjects that Graph does not know and was not stored, since only now they are known to
    /// be watched.
    /// </summary>
    public IReadOnlyList<Observation> SetInterest(IReadOnlySet<SubjectId> interest, TimeSpan asOf)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.All.ToArray())
            {
                if (entry.Lease is not Lease.None && entry.KeptUntil < asOf && !interest.Contains(entry.Subject))
                {
                    _entries.SetLease(entry, Lease.None);
                    if (!entry.IsInFlight)
                    {
                        _entries.Remove(entry);
                    }
                }
            }

            var unstored = new List<Observation>();
            foreach (var subject in interest)
            {
                var entry = _entries.Find(subject) ?? Add(subject);
                var isNew = entry.Lease is Lease.None;
                _entries.SetLease(entry, Lease.Held);
                if (entry.UnstoredSince is { } begunAt)
                {
                    unstored.Add(Observation.OfUnknownPerson(subject, begunAt));
                    entry.UnstoredSince = null;
                }
                else if (isNew)
                {
                    RefreshUnlessFresh(entry);
                }
            }

            return unstored;
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
                    && _entries.HasRoomForAnnounced
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

    /// <summary>A node watches these subjects from now on: they are read soon, unless they are in flight or
    /// fresh.</summary>
    public void Announce(IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if ((_entries.Find(subject) ?? (_entries.HasRoomForAnnounced ? Add(subject) : null)) is { } entry)
                {
                    _entries.SetLease(entry, entry.Lease is Lease.None ? Lease.Announced : entry.Lease);
                    entry.KeptUntil = Max(entry.KeptUntil, Now);
                    if (!entry.IsInFlight)
                    {
                        RefreshUnlessFresh(entry);
                    }
                }
            }
        }
    }

    /// <summary>Asks for subjects to be read soon. Unwatched ones are read once; when too many of them wait, they are
    /// dropped.</summary>
    public void Hint(IEnumerable<SubjectId> subjects)
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
    /// Asks for all known subjects that fit to be read soon, since the store lost what it held of them. Looks at each
    /// one. What is watched may be lost with it: they stay until the nodes have written it again.
    /// </summary>
    public void HintWhere(Predicate<SubjectId> predicate)
    {
        lock (_gate)
        {
            foreach (var entry in _entries.All)
            {
                if (predicate(entry.Subject))
                {
                    entry.KeptUntil = Max(entry.KeptUntil, Now + InterestRestored);
                    _queues.Refresh(entry);
                }
            }
        }
    }

    /// <summary>Takes over which subjects are in a subscription. Those that no longer are get their shorter
    /// interval.</summary>
    public void SetCovered(IReadOnlySet<SubjectId> covered)
    {
        lock (_gate)
        {
            var before = _entries.Covered;
            _entries.Covered = covered;
            foreach (var subject in before.Where(subject => !covered.Contains(subject)))
            {
                if (
                    _entries.Find(subject)
                        is { Lane: null, IsInFlight: false, IsQuarantined: false, Knowledge: Knowledge.Known } entry
                    && _delays.AfterCoverage(entry) is { } delay
                )
                {
                    _queues.Schedule(entry, Now + delay < entry.Due ? Now + delay : entry.Due);
                }
            }
        }
    }

    /// <summary>Takes up to so many subjects that should be read now, those asked for first. Each must be given
    /// back.</summary>
    public IReadOnlyList<SubjectId> TakeDue(int max)
    {
        lock (_gate)
        {
            var page = _queues.Take(max, Now, _delays.ReadAhead);
            page.ForEach(entry => entry.IsInFlight = true);
            return [.. page.Select(entry => entry.Subject)];
        }
    }

    /// <summary>Some subjects of a page are asked for once more, since the answer left them out.</summary>
    public void SecondRead()
    {
        lock (_gate)
        {
            _queues.SecondRead(Now);
        }
    }

    /// <summary>Gives subjects back that were read and stored.</summary>
    public void Confirm(IEnumerable<SubjectId> subjects) =>
        GiveBack(subjects, entry => AfterAnswer(entry, Knowledge.Known));

    /// <summary>Gives a subject back that Graph does not know. What was read may be stored later, when its lease has
    /// been read.</summary>
    public void ConfirmUnknown(Observation observation, bool isStored) => GiveBack([observation.Subject], entry =>
        {
            entry.UnstoredSince = isStored ? null : observation.BegunAt;
            return AfterAnswer(entry, Knowledge.Unknown);
        });

    /// <summary>Gives subjects back that must be read again at once, since nothing told whether what was read is
    /// newer.</summary>
    public void ReadAgain(IEnumerable<SubjectId> subjects) =>
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
            return entry.IsQuarantined ? until - Now : Max(until - Now, PollDelays.AfterFailure(entry.Failures));
        });

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private TimeSpan? AfterAnswer(PollEntry entry, Knowledge knowledge)
    {
        (entry.Failures, entry.ReadAt) = (0, Now);
        entry.IsQuarantined = false;
        _quarantine.Remove(entry.Subject);
        _entries.SetKnowledge(entry, knowledge);
        return _delays.AfterAnswer(entry, _entries.Covered.Contains(entry.Subject));
    }

    private void GiveBack(IEnumerable<SubjectId> subjects, Func<PollEntry, TimeSpan?> delayOf)
    {
        lock (_gate)
        {
            foreach (var subject in subjects)
            {
                if (_entries.Find(subject) is not { IsInFlight: true } entry)
                {
                    continue;
                }

                entry.IsInFlight = false;
                _queues.GivenBack(entry);
                var delay = delayOf(entry);
                var isWantedAgain = entry.IsWantedAgain;
                entry.IsWantedAgain = false;
                if (delay is { } wait && (!isWantedAgain || entry.IsQuarantined))
                {
                    _queues.Schedule(entry, Now + wait);
                }

                if (isWantedAgain)
                {
                    _queues.Refresh(entry);
                }

                RemoveIfUnwatched(entry);
            }
        }
    }

    private void RefreshUnlessFresh(PollEntry entry)
    {
        if (!_delays.IsFresh(entry, _entries.Covered.Contains(entry.Subject), Now))
        {
            _queues.Refresh(entry);
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
        if (entry.Lease is Lease.None && (entry.IsQuarantined || !isWaiting))
        {
            _entries.Remove(entry);
        }
    }
}
