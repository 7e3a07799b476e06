using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// The ids that Graph has recently answered that it does not know. Clients can make up any number of ids: unwatched
/// ones are answered from here instead of being read again, and have no entry in the store.
/// </summary>
internal sealed class UnknownSubjects(TimeProvider time)
{
    /// <summary>The largest number of ids, some 5 MB. Beyond it the oldest are dropped, and are read again when a
    /// client asks for them.</summary>
    internal const int Capacity = 65_536;

    /// <summary>How long an id counts as unknown. A watcher that asked for a user before it was created finds it this
    /// late.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SubjectId, long> _addedAt = [];
    private readonly Queue<(SubjectId Subject, long AddedAt)> _byAge = new();

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byAge.Count;
            }
        }
    }

    public bool Contains(SubjectId subject)
    {
        lock (_gate)
        {
            return _addedAt.TryGetValue(subject, out var addedAt) && time.GetElapsedTime(addedAt) < Lifetime;
        }
    }

    public void Add(IReadOnlyList<SubjectId> subjects)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            foreach (var subject in subjects)
            {
                _addedAt[subject] = now;
                _byAge.Enqueue((subject, now));
            }

            while (
                _byAge.TryPeek(out var oldest)
                && (_byAge.Count > Capacity || time.GetElapsedTime(oldest.AddedAt) >= Lifetime)
            )
            {
                _byAge.Dequeue();
                if (_addedAt.TryGetValue(oldest.Subject, out var addedAt) && addedAt == oldest.AddedAt)
                {
                    _addedAt.Remove(oldest.Subject);
                }
            }
        }
    }
}
