using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// What the mirror has reported and the outboxes have not been given yet. It gathers what an applied batch changes in all partitions, so
/// that a connection gets one frame of it.
/// </summary>
/// <remarks>Holds at most one entry per subject that is watched on this node: the newest replaces an older one.</remarks>
internal sealed class ChangeQueue
{
    private readonly object _gate = new();
    private Dictionary<SubjectId, StoredEntry> _entries = [];
    private Dictionary<SubjectId, StoredEntry> _spare = [];
    private Cursor? _cursor;
    private bool _isCompleted;

    /// <summary>Adds entries in the order of their subjects' changes.</summary>
    public void Add(IReadOnlyList<StoredEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                _entries[entry.Subject] = entry;
            }

            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Everything up to the cursor has been added.</summary>
    public void Position(Cursor cursor)
    {
        lock (_gate)
        {
            _cursor = cursor;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until there is something to take; false when the queue has been completed.</summary>
    public bool Wait()
    {
        lock (_gate)
        {
            while (_entries.Count is 0 && _cursor is null && !_isCompleted)
            {
                Monitor.Wait(_gate);
            }

            return !_isCompleted;
        }
    }

    /// <summary>Takes all that was added. The entries are valid until the next call.</summary>
    public (IReadOnlyCollection<StoredEntry> Entries, Cursor? Cursor) Take()
    {
        lock (_gate)
        {
            var (entries, cursor) = (_entries, _cursor);
            _spare.Clear();
            (_entries, _spare, _cursor) = (_spare, entries, null);
            return (entries.Values, cursor);
        }
    }

    public void Complete()
    {
        lock (_gate)
        {
            _isCompleted = true;
            Monitor.PulseAll(_gate);
        }
    }
}
