using System.Collections.Frozen;
using System.Runtime.InteropServices;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>
/// The subjects that nodes watch, whether Graph knows them, and which of them a subscription covers. Events are raised
/// outside of the lock: a handler asks for the state that holds then.
/// </summary>
internal sealed class WatchedSubjects(TimeProvider time)
{
    /// <summary>
    /// Subjects whose lease has not been read yet: clients can watch and unwatch any ids before the next reading. More
    /// than these wait for that reading.
    /// </summary>
    internal const int MaxUnconfirmed = 100_000;

    private readonly Lock _gate = new();
    private readonly long _origin = time.GetTimestamp();
    private readonly Dictionary<SubjectId, State> _subjects = [];
    private volatile IReadOnlySet<SubjectId> _covered = FrozenSet<SubjectId>.Empty;
    private int _unconfirmed;
    private int _version;

    /// <summary>A node watches these subjects, or no node does any more.</summary>
    public event Action<IReadOnlyCollection<SubjectId>>? Changed;

    /// <summary>These subjects are no longer in a subscription.</summary>
    public event Action<IReadOnlyCollection<SubjectId>>? CoverageEnded;

    /// <summary>These subjects are to be read soon.</summary>
    public event Action<IReadOnlyCollection<SubjectId>>? RefreshRequested;

    /// <summary>The time in which leases are ordered.</summary>
    public TimeSpan Now => time.GetElapsedTime(_origin);

    /// <summary>Grows when a subject comes or goes that may be covered by a subscription.</summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>
    /// Whether subjects outside subscriptions wait for one, and are read more often meanwhile; without accounts they
    /// wait for nothing.
    /// </summary>
    public bool AwaitsSubscriptions { get; set; } = true;

    public int CoveredCount => _covered.Count;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _subjects.Count;
            }
        }
    }

    public bool HasRoomForUnconfirmed
    {
        get
        {
            lock (_gate)
            {
                return _unconfirmed < MaxUnconfirmed;
            }
        }
    }

    public Lease LeaseOf(SubjectId subject)
    {
        lock (_gate)
        {
            return _subjects.GetValueOrDefault(subject).Lease;
        }
    }

    public bool IsCovered(SubjectId subject) => _covered.Contains(subject);

    public HashSet<SubjectId> ToSet()
    {
        lock (_gate)
        {
            return [.. _subjects.Keys];
        }
    }

    /// <summary>
    /// The subjects that subscriptions should cover: those that are watched and that Graph knows. A new leader has read
    /// none yet, so those that a subscription covers already count until they are read.
    /// </summary>
    public HashSet<SubjectId> Plannable(IReadOnlySet<SubjectId> covered)
    {
        lock (_gate)
        {
            return
            [
                .. from subject in _subjects
                where
                    subject.Value.Knowledge is Knowledge.Known
                    || (subject.Value.Knowledge is Knowledge.NotRead && covered.Contains(subject.Key))
                select subject.Key,
            ];
        }
    }

    /// <summary>A node watches these subjects from now on. Those that do not fit wait for the next reading of the
    /// leases.</summary>
    public void Add(IEnumerable<SubjectId> subjects)
    {
        var added = new List<SubjectId>();
        lock (_gate)
        {
            var now = Now;
            foreach (var subject in subjects)
            {
                var isWatched = _subjects.TryGetValue(subject, out var state);
                if (!isWatched)
                {
                    if (_unconfirmed >= MaxUnconfirmed)
                    {
                        continue;
                    }

                    state = new State(Lease.Unconfirmed, Knowledge.NotRead, TimeSpan.MinValue);
                    _unconfirmed++;
                    _version++;
                }

                _subjects[subject] = state with { KeptUntil = Max(state.KeptUntil, now) };
                added.Add(subject);
            }
        }

        Changed?.Invoke(added);
    }

    /// <summary>Takes over the leases as of <paramref name="asOf"/>. Subjects added later stay until the next
    /// time.</summary>
    public void SetHeld(IReadOnlySet<SubjectId> held, TimeSpan asOf)
    {
        var changed = new List<SubjectId>();
        lock (_gate)
        {
            foreach (var (subject, state) in _subjects)
            {
                if (state.KeptUntil < asOf && !held.Contains(subject))
                {
                    _subjects.Remove(subject);
                    _unconfirmed -= state.Lease is Lease.Unconfirmed ? 1 : 0;
                    changed.Add(subject);
                }
            }

            foreach (var subject in held)
            {
                ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_subjects, subject, out var isWatched);
                _unconfirmed -= state.Lease is Lease.Unconfirmed ? 1 : 0;
                state = isWatched
                    ? state with
                    {
                        Lease = Lease.Held,
                    }
                    : new State(Lease.Held, Knowledge.NotRead, TimeSpan.MinValue);
                if (!isWatched)
                {
                    changed.Add(subject);
                }
            }

            _version += changed.Count > 0 ? 1 : 0;
        }

        Changed?.Invoke(changed);
    }

    /// <summary>Keeps all subjects that fit for this long, even if no lease of them is read.</summary>
    public void KeepWhere(Predicate<SubjectId> predicate, TimeSpan duration)
    {
        lock (_gate)
        {
            var until = Now + duration;
            foreach (var (subject, state) in _subjects)
            {
                if (predicate(subject))
                {
                    _subjects[subject] = state with { KeptUntil = Max(state.KeptUntil, until) };
                }
            }
        }
    }

    /// <summary>Takes over what Graph has answered about a subject. Does nothing for one that is not
    /// watched.</summary>
    public void SetKnowledge(SubjectId subject, Knowledge knowledge)
    {
        lock (_gate)
        {
            if (_subjects.TryGetValue(subject, out var state) && state.Knowledge != knowledge)
            {
                _subjects[subject] = state with { Knowledge = knowledge };
                _version++;
            }
        }
    }

    /// <summary>Takes over which subjects are in a subscription.</summary>
    public void SetCovered(IReadOnlySet<SubjectId> covered)
    {
        SubjectId[] ended;
        lock (_gate)
        {
            ended = [.. _covered.Where(subject => !covered.Contains(subject))];
            _covered = covered;
        }

        CoverageEnded?.Invoke(ended);
    }

    /// <summary>Requests that subjects are read soon.</summary>
    public void Refresh(IReadOnlyCollection<SubjectId> subjects) => RefreshRequested?.Invoke(subjects);

    /// <summary>Forgets everything: a new term begins.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _subjects.Clear();
            _subjects.TrimExcess();
            (_covered, _unconfirmed) = (FrozenSet<SubjectId>.Empty, 0);
            _version++;
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    /// <param name="KeptUntil">Until then the subject stays although no lease of it is read.</param>
    private readonly record struct State(Lease Lease, Knowledge Knowledge, TimeSpan KeptUntil);
}
