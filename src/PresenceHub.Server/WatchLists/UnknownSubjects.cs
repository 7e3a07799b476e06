using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Recent answers of Graph that it does not know an id. Clients can make up any number of ids: unwatched ones are
/// answered from here instead of being read again, and have no entry in the store.
/// </summary>
internal sealed class UnknownSubjects(TimeProvider time)
{
    /// <summary>The largest number of ids, some 5 MB. Beyond it the oldest are dropped, and are read again when a
    /// client asks for them.</summary>
    internal const int Capacity = 65_536;

    /// <summary>A subject that was asked for before it was added to the directory appears this late at most.</summary>
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

    public bool Contains(SubjectId subject) => AgeOf(subject) is not null;

    /// <summary>How long ago Graph answered that it does not know the subject; null when it has not done so
    /// recently.</summary>
    public TimeSpan? AgeOf(SubjectId subject)
    {
        lock (_gate)
        {
            return
                _addedAt.TryGetValue(subject, out var addedAt)
                && time.GetElapsedTime(addedAt) is var age
                && age < Lifetime
                ? age
                : null;
        }
    }

    /// <param name="subjects">The ids that Graph does not know.</param>
    /// <param name="age">How long ago Graph answered. A repeated answer must not live longer than the first
    /// one.</param>
    public void Add(IReadOnlyList<SubjectId> subjects, TimeSpan age = default)
    {
        lock (_gate)
        {
            var answeredAt = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
            foreach (var subject in subjects)
            {
                if (!_addedAt.TryGetValue(subject, out var known) || known < answeredAt)
                {
                    _addedAt[subject] = answeredAt;
                    _byAge.Enqueue((subject, answeredAt));
                }
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
