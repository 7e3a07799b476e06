using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>The subjects that one connection watches.</summary>
internal sealed class WatchList(string connectionId, Watcher watcher, int limit, IReadOnlyList<IWatchListObserver> observers)
{
    private readonly Lock _gate = new();
    private readonly HashSet<SubjectId> _subjects = [];
    private bool _closed;

    public string ConnectionId { get; } = connectionId;

    public Watcher Watcher { get; } = watcher;

    /// <summary>A copy of what is watched now.</summary>
    public IReadOnlySet<SubjectId> Subjects
    {
        get
        {
            lock (_gate)
            {
                return _subjects.ToHashSet();
            }
        }
    }

    /// <summary>Adds what fits under the limit; the rest is returned. A closed list takes nothing.</summary>
    public (IReadOnlyList<SubjectId> Added, IReadOnlySet<SubjectId> OverLimit) Add(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return ([], new HashSet<SubjectId>());
            }

            var added = new List<SubjectId>();
            var overLimit = new HashSet<SubjectId>();
            foreach (var subject in subjects)
            {
                if (_subjects.Contains(subject))
                {
                    continue;
                }

                if (_subjects.Count >= limit)
                {
                    overLimit.Add(subject);
                    continue;
                }

                _subjects.Add(subject);
                added.Add(subject);
            }

            foreach (var observer in observers)
            {
                observer.Added(this, added);
            }

            return (added, overLimit);
        }
    }

    /// <summary>Removes subjects; those not watched are ignored.</summary>
    public void Remove(IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            NotifyRemoved([.. subjects.Where(_subjects.Remove)]);
        }
    }

    /// <summary>Removes those of the subjects that are watched, and has the client told. Returns them.</summary>
    public IReadOnlyList<SubjectId> Revoke(IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            SubjectId[] revoked = [.. subjects.Where(_subjects.Remove)];
            if (revoked.Length > 0)
            {
                NotifyRemoved(revoked);
                foreach (var observer in observers)
                {
                    observer.Revoked(this, revoked);
                }
            }

            return revoked;
        }
    }

    /// <summary>Removes everything; later calls have no effect.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            SubjectId[] removed = [.. _subjects];
            _subjects.Clear();
            NotifyRemoved(removed);
        }
    }

    private void NotifyRemoved(IReadOnlyList<SubjectId> removed)
    {
        foreach (var observer in observers)
        {
            observer.Removed(this, removed);
        }
    }
}
