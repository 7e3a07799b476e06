namespace PresenceHub.Client;

/// <summary>The watched subjects, each with the number of watches that hold it. It outlives links.</summary>
internal sealed class WatchList
{
    private readonly Dictionary<string, Item> _items = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _items.Count;

    public IEnumerable<Subject> Subjects => _items.Values.Select(item => item.Subject);

    public Subject? Find(string id) => _items.GetValueOrDefault(id)?.Subject;

    /// <summary>Whether this term has not ended.</summary>
    public bool Contains(Subject subject) => Find(subject.Id) == subject;

    /// <summary>Begins a term, which no watch holds yet.</summary>
    public Subject Add(string id)
    {
        var subject = new Subject(id);
        _items.Add(id, new Item(subject));
        return subject;
    }

    public void Remove(Subject subject) => _items.Remove(subject.Id);

    public void Hold(Subject subject) => _items[subject.Id].Holds++;

    /// <summary>Ends one watch of the subject.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool Release(Subject subject) => Contains(subject) && --_items[subject.Id].Holds == 0;

    /// <summary>Whether a Watch call of this term has been answered, so that a cursor covers the subject. A subject
    /// that was only pushed may have changed before its Watch call.</summary>
    public bool IsSynced(Subject subject) => Contains(subject) && _items[subject.Id].IsSynced;

    public void MarkSynced(Subject subject) => _items[subject.Id].IsSynced = true;

    /// <summary>No cursor covers the subject any more.</summary>
    /// <returns>Its id.</returns>
    public string MarkUnsynced(Subject subject)
    {
        _items[subject.Id].IsSynced = false;
        return subject.Id;
    }

    private sealed class Item(Subject subject)
    {
        public Subject Subject { get; } = subject;

        public int Holds { get; set; }

        public bool IsSynced { get; set; }
    }
}
