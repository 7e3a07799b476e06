using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>The subjects of one script of a <see cref="ReadPump"/>.</summary>
/// <param name="askedAt">The timestamp of the first request.</param>
internal sealed class PendingRead(long askedAt)
{
    private readonly List<MirrorRead> _callers = [];
    private IReadOnlyList<StoredEntry> _entries = [];

    public long AskedAt => askedAt;

    public List<SubjectId> Subjects { get; } = [];

    /// <summary>Why the script failed; null if it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>The position of the read; meaningless if the read failed.</summary>
    public PartitionPosition Position { get; private set; }

    /// <summary>The entry that the mirror held after the read.</summary>
    public StoredEntry this[int index] => _entries[index];

    /// <summary>Adds a caller to notify once when the read has ended, however many subjects it asks for. Called under
    /// the lock of the pump.</summary>
    public void AddCaller(MirrorRead caller)
    {
        // The subjects of one caller are added one after the other.
        if (_callers.Count is 0 || _callers[^1] != caller)
        {
            _callers.Add(caller);
            caller.ReadAsked();
        }
    }

    public void Complete(PartitionPosition position, IReadOnlyList<StoredEntry> entries)
    {
        (Position, _entries) = (position, entries);
        Release();
    }

    public void Fail(Exception failure)
    {
        Failure = failure;
        Release();
    }

    private void Release()
    {
        foreach (var caller in _callers)
        {
            caller.ReadEnded();
        }

        // The callers keep a reference to the read for its entries.
        _callers.Clear();
    }
}
