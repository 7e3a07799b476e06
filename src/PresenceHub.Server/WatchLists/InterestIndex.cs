using System.Runtime.InteropServices;
using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Which connections of this node watch which subjects. A membership takes at most 34 bytes on both sides together. It
/// is added and removed in constant time, however many connections watch the subject.
/// </summary>
/// <remarks>The node has one lock. It is held for some hundred nanoseconds per subject of a call, and for one copy per
/// change.</remarks>
internal sealed class InterestIndex(IEnumerable<IInterestObserver> observers)
{
    private readonly Lock _gate = new();
    private readonly IInterestObserver[] _observers = [.. observers];
    private readonly Dictionary<SubjectId, WatchedSubject> _byId = [];
    private readonly List<WatchedSubject?> _byNumber = [];
    private readonly Stack<int> _freeNumbers = [];

    /// <summary>The number of distinct subjects that this node watches.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>Adds the subjects that fit under the limit of the list, and returns the others. A closed list accepts
    /// none.</summary>
    public (IReadOnlyList<SubjectId> Added, IReadOnlySet<SubjectId> OverLimit) Add(
        WatchList list,
        IReadOnlyList<SubjectId> subjects
    )
    {
        lock (_gate)
        {
            if (list.IsClosed)
            {
                return ([], new HashSet<SubjectId>());
            }

            var added = new List<SubjectId>(subjects.Count);
            var firsts = new List<SubjectId>();
            HashSet<SubjectId>? overLimit = null;
            var free = Math.Min(
                list.Limit - list.Memberships.Count,
                list.Usage?.FreeWatchedIds(list.OpenedAt) ?? int.MaxValue
            );
            foreach (var id in subjects)
            {
                ref var subject = ref CollectionsMarshal.GetValueRefOrNullRef(_byId, id);
                var isWatched = !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref subject);
                if (isWatched && list.Memberships.Contains(subject.Number))
                {
                    continue;
                }

                if (added.Count >= free)
                {
                    (overLimit ??= []).Add(id);
                    continue;
                }

                var watched = isWatched ? subject : Open(id);
                list.Memberships.Add(watched.Number, watched.Add(list));
                added.Add(id);
                if (!isWatched)
                {
                    firsts.Add(id);
                }
            }

            if (added.Count > 0)
            {
                list.Usage?.WatchedIds += added.Count;
                list.Outbox?.Admit(added);
            }

            Notify(firsts, static (observer, subjects) => observer.Added(subjects));
            return (added, overLimit ?? []);
        }
    }

    /// <summary>Removes the subjects that the list holds, and returns these.</summary>
    public IReadOnlyList<SubjectId> Remove(WatchList list, IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            return RemoveHeld(list, subjects);
        }
    }

    /// <summary>Like <see cref="Remove"/>, and tells the client to forget the subjects.</summary>
    public IReadOnlyList<SubjectId> Revoke(WatchList list, IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            var revoked = RemoveHeld(list, subjects);
            if (revoked.Count > 0)
            {
                list.Outbox?.Revoke(revoked);
            }

            return revoked;
        }
    }

    /// <summary>Removes all subjects of the list. Later calls for it have no effect.</summary>
    public void Close(WatchList list)
    {
        lock (_gate)
        {
            list.IsClosed = true;
            RemoveHeld(list, [.. list.Memberships.Subjects.Select(number => _byNumber[number]!.Id)]);
        }
    }

    /// <summary>A copy of the subjects that the list holds.</summary>
    public IReadOnlySet<SubjectId> SubjectsOf(WatchList list)
    {
        lock (_gate)
        {
            return list.Memberships.Subjects.Select(number => _byNumber[number]!.Id).ToHashSet();
        }
    }

    /// <summary>The subjects that the list does not hold.</summary>
    public IReadOnlyCollection<SubjectId> NotWatchedOf(WatchList list, IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            List<SubjectId>? missing = null;
            foreach (var id in subjects)
            {
                if (!_byId.TryGetValue(id, out var subject) || !list.Memberships.Contains(subject.Number))
                {
                    (missing ??= []).Add(id);
                }
            }

            return missing ?? [];
        }
    }

    /// <summary>Announces the subjects that the list holds. Until then only this node knows its interest, and Graph is
    /// not read.</summary>
    public void Announce(WatchList list, IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            var announced = new List<SubjectId>();
            foreach (var id in subjects)
            {
                if (
                    _byId.TryGetValue(id, out var subject)
                    && !subject.IsAnnounced
                    && list.Memberships.Contains(subject.Number)
                )
                {
                    subject.IsAnnounced = true;
                    announced.Add(id);
                }
            }

            Notify(announced, static (observer, subjects) => observer.Announced(subjects));
        }
    }

    /// <summary>Counts the subjects that this node has not announced.</summary>
    public int CountNotAnnounced(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            return subjects.Count(id => !_byId.TryGetValue(id, out var subject) || !subject.IsAnnounced);
        }
    }

    /// <summary>Copies the watchers of a subject to the start of the buffer, which grows as needed, and returns their
    /// number.</summary>
    public int CopyWatchers(SubjectId id, ref WatchList[] buffer)
    {
        lock (_gate)
        {
            if (!_byId.TryGetValue(id, out var subject))
            {
                return 0;
            }

            if (buffer.Length < subject.Count)
            {
                buffer = new WatchList[subject.Count * 3 / 2];
            }

            subject.Watchers.CopyTo(buffer);
            return subject.Count;
        }
    }

    private List<SubjectId> RemoveHeld(WatchList list, IEnumerable<SubjectId> subjects)
    {
        var removed = new List<SubjectId>();
        var lasts = new List<SubjectId>();
        foreach (var id in subjects)
        {
            if (!_byId.TryGetValue(id, out var subject) || !list.Memberships.Contains(subject.Number))
            {
                continue;
            }

            var position = list.Memberships.PositionOf(subject.Number);
            list.Memberships.Remove(subject.Number);
            var moved = subject.RemoveAt(position);
            if (moved != list)
            {
                moved.Memberships.SetPosition(subject.Number, position);
            }

            removed.Add(id);
            if (subject.Count is 0)
            {
                lasts.Add(id);
                CloseSubject(subject);
            }
        }

        if (removed.Count > 0)
        {
            list.Usage?.WatchedIds -= removed.Count;
            list.Outbox?.Discard(removed);
        }

        Notify(lasts, static (observer, subjects) => observer.Removed(subjects));
        return removed;
    }

    private WatchedSubject Open(SubjectId id)
    {
        if (!_freeNumbers.TryPop(out var number))
        {
            number = _byNumber.Count;
            _byNumber.Add(null);
        }

        var subject = new WatchedSubject(id, number);
        _byNumber[number] = subject;
        _byId.Add(id, subject);
        return subject;
    }

    private void CloseSubject(WatchedSubject subject)
    {
        _byId.Remove(subject.Id);
        _byNumber[subject.Number] = null;
        _freeNumbers.Push(subject.Number);
    }

    private void Notify(List<SubjectId> subjects, Action<IInterestObserver, IReadOnlyList<SubjectId>> call)
    {
        if (subjects.Count is 0)
        {
            return;
        }

        foreach (var observer in _observers)
        {
            call(observer, subjects);
        }
    }
}
