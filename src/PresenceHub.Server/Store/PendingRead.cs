using PresenceHub.Contracts;

namespace PresenceHub.Server.Store;

/// <summary>One script's worth of subjects that callers have asked a <see cref="ReadPump"/> for.</summary>
/// <param name="askedAt">When the first of them was asked for, as a timestamp.</param>
internal sealed class PendingRead(long askedAt)
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PartitionSnapshot _reading;

    public long AskedAt => askedAt;

    public List<SubjectId> Subjects { get; } = [];

    /// <summary>Ends when the script was answered or has failed. It does not fail itself: the callers look at <see cref="Failure"/>.</summary>
    public Task Completed => _completed.Task;

    public Exception? Failure { get; private set; }

    /// <summary>As of when the subjects were read; meaningless when the read failed.</summary>
    public PartitionPosition Position => _reading.Position;

    public StoredEntry? this[int index] => _reading.Entries[index];

    public void Complete(PartitionSnapshot reading)
    {
        _reading = reading;
        _completed.SetResult();
    }

    public void Fail(Exception failure)
    {
        Failure = failure;
        _completed.SetResult();
    }
}
