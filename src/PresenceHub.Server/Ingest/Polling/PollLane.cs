namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Entries to be read soon, in the order of their requests.</summary>
internal sealed class PollLane
{
    private const int LeastCompacted = 1024;

    private Queue<PollEntry> _queue = new();
    private int _compactAt = LeastCompacted;

    /// <summary>How many there are; some may have been taken or removed meanwhile.</summary>
    public int Count => _queue.Count;

    /// <summary>An entry that waits in another lane moves to this one.</summary>
    public void Add(PollEntry entry)
    {
        if (entry.Lane == this)
        {
            return;
        }

        entry.Lane = this;
        entry.Stamp++;
        _queue.Enqueue(entry);
        if (_queue.Count > _compactAt)
        {
            _queue = new Queue<PollEntry>(_queue.Where(IsWaiting));
            _compactAt = Math.Max(LeastCompacted, 2 * _queue.Count);
        }
    }

    /// <summary>Takes entries until the page holds as many as it may.</summary>
    public void MoveTo(List<PollEntry> page, int max)
    {
        while (page.Count < max && IsAny())
        {
            var entry = _queue.Dequeue();
            (entry.Lane, entry.TakenFrom) = (null, this);
            page.Add(entry);
        }
    }

    public bool IsAny()
    {
        while (_queue.TryPeek(out var entry) && !IsWaiting(entry))
        {
            _queue.Dequeue();
        }

        return _queue.Count > 0;
    }

    public void Clear() => _queue.Clear();

    private bool IsWaiting(PollEntry entry) => entry.Lane == this && !entry.IsRemoved;
}
