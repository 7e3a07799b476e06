namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Entries by due time. A new due time voids the older ones, which are dropped when they come up or outnumber
/// the others.</summary>
internal sealed class DueQueue
{
    private const int LeastCompacted = 1024;

    private readonly PriorityQueue<(PollEntry Entry, int Stamp), TimeSpan> _queue = new();
    private int _compactAt = LeastCompacted;

    public int Count => _queue.Count;

    public void Schedule(PollEntry entry, TimeSpan due)
    {
        entry.Due = due;
        _queue.Enqueue((entry, ++entry.Stamp), due);
        if (_queue.Count > _compactAt)
        {
            Compact();
        }
    }

    public bool IsDue(TimeSpan at)
    {
        while (_queue.TryPeek(out var next, out _) && IsVoid(next))
        {
            _queue.Dequeue();
        }

        return _queue.TryPeek(out _, out var due) && due <= at;
    }

    /// <summary>The first entry; only after <see cref="IsDue"/>.</summary>
    public PollEntry Take() => _queue.Dequeue().Entry;

    public void Clear() => _queue.Clear();

    private static bool IsVoid((PollEntry Entry, int Stamp) scheduled) =>
        scheduled.Stamp != scheduled.Entry.Stamp || scheduled.Entry.IsRemoved;

    /// <summary>Subjects that come and go would otherwise stay until the time at which they would have been
    /// read.</summary>
    private void Compact()
    {
        var valid = _queue.UnorderedItems.Where(item => !IsVoid(item.Element)).ToArray();
        _queue.Clear();
        _queue.EnqueueRange(valid);
        _queue.TrimExcess();
        _compactAt = Math.Max(LeastCompacted, 2 * valid.Length);
    }
}
