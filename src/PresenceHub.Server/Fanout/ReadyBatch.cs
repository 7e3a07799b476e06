namespace PresenceHub.Server.Fanout;

/// <summary>
/// The outboxes that one batch of changes makes ready. They enter the ready queue together when all changes of the
/// batch are marked, so that a connection gets one frame for the batch. Not thread-safe.
/// </summary>
internal sealed class ReadyBatch(ReadyOutboxes ready)
{
    private readonly List<Outbox> _outboxes = [];

    /// <summary>Tells batches apart. Within a batch each subject occurs once.</summary>
    public int Number { get; private set; }

    public void Begin() => Number = (Number + 1) & int.MaxValue;

    /// <summary>Adds an outbox, which calls this when it becomes ready.</summary>
    public void Add(Outbox outbox) => _outboxes.Add(outbox);

    public void Complete()
    {
        ready.AddAll(_outboxes);
        _outboxes.Clear();
    }
}
