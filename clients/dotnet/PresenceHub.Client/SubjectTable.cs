using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>The watched subjects, and the readers to be told of their changes. Guarded by the lock of
/// <see cref="WatchBook"/>.</summary>
internal sealed class SubjectTable
{
    private readonly Dictionary<string, Subject> _subjects = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<ChangeReader> _readers = [];
    private Dictionary<string, PresenceEntry>? _snapshot;

    public IEnumerable<Subject> Subjects => _subjects.Values;

    public IReadOnlyDictionary<string, PresenceEntry> Snapshot() =>
        _snapshot ??= _subjects
            .Values.Where(subject => subject.Entry is not null)
            .ToDictionary(subject => subject.Id, subject => subject.Entry!, StringComparer.OrdinalIgnoreCase);

    public Subject? Find(string id) => _subjects.GetValueOrDefault(id);

    public bool Holds(Subject subject) => Find(subject.Id) == subject;

    public Subject Add(string id)
    {
        var subject = new Subject(id);
        _subjects.Add(id, subject);
        return subject;
    }

    public void Remove(Subject subject)
    {
        _subjects.Remove(subject.Id);
        subject.HasLeft = true;
        _snapshot = null;
        _readers.ForEach(reader => reader.Remove(subject.Id));
    }

    public bool Merge(Subject subject, PresenceEntry entry)
    {
        if (subject.Entry is { } held && entry.IsOlderThan(held))
        {
            return false;
        }

        entry = KeepingWhatIsKnown(subject.Entry, entry);
        if (entry != subject.Entry)
        {
            subject.Entry = entry;
            _snapshot = null;
            _readers.ForEach(reader => reader.Add(subject.Id));
        }

        return true;
    }

    public void MarkStale(Subject subject)
    {
        if (subject.Entry is { Freshness: Freshness.Live } entry)
        {
            Merge(subject, entry with { Freshness = Freshness.Stale });
        }
    }

    /// <summary>The hub left the subject out of an answer. What it lost stays stale: a node that does not know of the
    /// loss yet vouches for less.</summary>
    public void MarkLive(Subject subject)
    {
        if (subject.Entry is { Freshness: not Freshness.Unknown, Revision: > 0 } entry)
        {
            Merge(subject, entry with { Freshness = Freshness.Live });
        }
    }

    public void AddReader(ChangeReader reader)
    {
        _readers.Add(reader);
        foreach (var subject in _subjects.Values.Where(subject => subject.Entry is not null))
        {
            reader.Add(subject.Id);
        }
    }

    public void RemoveReader(ChangeReader reader) => _readers.Remove(reader);

    public void CloseReaders() => _readers.ForEach(reader => reader.Signal.Close());

    // Never observed: the hub lost its data, and the node that says so did not know the person before. That says
    // nothing about the person.
    private static PresenceEntry KeepingWhatIsKnown(PresenceEntry? held, PresenceEntry entry) =>
        entry is { Freshness: Freshness.Unknown, Revision: 0 } && held is { Freshness: not Freshness.Unknown }
            ? held with
            {
                Freshness = Freshness.Stale,
                Epoch = entry.Epoch,
                Revision = entry.Revision,
            }
            : entry;
}
