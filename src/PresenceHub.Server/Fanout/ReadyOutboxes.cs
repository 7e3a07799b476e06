namespace PresenceHub.Server.Fanout;

/// <summary>The queue of outboxes that have something to send. The outboxes add themselves.</summary>
/// <remarks>An outbox is queued at most once, so the queue is bounded by the number of connections.</remarks>
internal sealed class ReadyOutboxes
{
    private readonly object _gate = new();
    private readonly Queue<Outbox> _queue = [];
    private bool _isCompleted;

    public void Add(Outbox outbox)
    {
        lock (_gate)
        {
            _queue.Enqueue(outbox);
            Monitor.Pulse(_gate);
        }
    }

    public void AddAll(List<Outbox> outboxes)
    {
        if (outboxes.Count is 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var outbox in outboxes)
            {
                _queue.Enqueue(outbox);
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits for an outbox; false when the queue has been completed.</summary>
    public bool Take(out Outbox outbox)
    {
        lock (_gate)
        {
            while (_queue.Count is 0 && !_isCompleted)
            {
                Monitor.Wait(_gate);
            }

            return _queue.TryDequeue(out outbox!) && !_isCompleted;
        }
    }

    public bool TryTake(out Outbox outbox)
    {
        lock (_gate)
        {
            return _queue.TryDequeue(out outbox!);
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
