using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>One script's worth of subjects that callers have asked a <see cref="ReadPump"/> for.</summary>
/// <param name="askedAt">When the first of them was asked for, as a timestamp.</param>
internal sealed class PendingRead(long askedAt)
{
    private readonly List<MirrorRead> _callers = [];
    private IReadOnlyList<StoredEntry> _entries = [];

    public long AskedAt => askedAt;

    public List<SubjectId> Subjects { get; } = [];

    /// <summary>Why the script was not answered; null when it was.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>As of when the subjects were read; meaningless when the read failed.</summary>
    public PartitionPosition Position { get; private set; }

    /// <summary>What the mirror held after the read.</summary>
    public StoredEntry this[int index] => _entries[index];

    /// <summary>Has a caller told when the read is over, once however many subjects it asks for. Called under the lock
    /// of the pump.</summary>
    public void AddCaller(MirrorRead caller)
    {
        // The subjects of one caller come one after the other.
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

        // The callers keep the read for its entries.
        _callers.Clear();
    }
}
