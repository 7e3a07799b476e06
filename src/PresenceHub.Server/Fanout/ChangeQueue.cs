using System.Diagnostics;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Fanout;

/// <summary>
/// The changes that the mirror has reported and the dispatcher has not taken yet. It gathers the changes of an applied
/// batch over all partitions, so that a connection gets one frame for the batch.
/// </summary>
/// <remarks>Holds at most one entry per subject that is watched on this node: the newest replaces an older
/// one.</remarks>
internal sealed class ChangeQueue
{
    /// <summary>
    /// A batch reaches a node as one message per partition, and Redis writes these within a few milliseconds. The batch
    /// counts as complete when no message has arrived for this long.
    /// </summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(1);

    /// <summary>The longest time that a steady stream of changes is delayed.</summary>
    private static readonly TimeSpan MaxGatherTime = TimeSpan.FromMilliseconds(5);

    private readonly object _gate = new();
    private bool _isGathering;
    private int _additions;
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

            _additions++;
            Wake();
        }
    }

    /// <summary>Records that all changes up to the cursor have been added.</summary>
    public void Position(Cursor cursor)
    {
        lock (_gate)
        {
            _cursor = cursor;
            Wake();
        }
    }

    /// <summary>Waits until there is something to take and a batch has gathered. False when the queue is
    /// completed.</summary>
    public bool Wait()
    {
        lock (_gate)
        {
            while (_entries.Count is 0 && _cursor is null && !_isCompleted)
            {
                Monitor.Wait(_gate);
            }

            if (_entries.Count > 0)
            {
                Gather();
            }

            return !_isCompleted;
        }
    }

    /// <summary>Takes all added entries. They are valid until the next call.</summary>
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

    private void Gather()
    {
        _isGathering = true;
        var started = Stopwatch.GetTimestamp();
        int seen;
        do
        {
            seen = _additions;
            Monitor.Wait(_gate, QuietTime);
        } while (_additions != seen && !_isCompleted && Stopwatch.GetElapsedTime(started) < MaxGatherTime);
        _isGathering = false;
    }

    private void Wake()
    {
        if (!_isGathering)
        {
            Monitor.Pulse(_gate);
        }
    }
}
