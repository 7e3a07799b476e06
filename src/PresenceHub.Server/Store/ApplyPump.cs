namespace PresenceHub.Server.Store;

/// <summary>
/// Applies the observations of one partition for all callers together, in the order of arrival. One script is in flight
/// at a time, and observations that arrive meanwhile go into the next one: of the 40 µs that Redis spends on a single
/// observation, two thirds are the cost of the script.
/// </summary>
/// <remarks>Each waiting observation belongs to a waiting caller, and callers are limited: the poller by its pages,
/// notifications by their queue.</remarks>
internal sealed class ApplyPump(Func<List<Observation>, Task<ApplyOutcome[]>> apply)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingApply> _waiting = [];
    private PendingApply? _open;
    private bool _isSending;

    /// <summary>The loop that sends. It ends while there is nothing to apply.</summary>
    internal Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Adds an observation. Its outcome is at the returned index.</summary>
    public PendingApply Add(in Observation observation, out int index)
    {
        PendingApply pending;
        lock (_gate)
        {
            if (_open is null || _open.Observations.Count >= PresenceStore.MaxSubjectsPerScript)
            {
                _waiting.Enqueue(_open = new PendingApply());
            }

            pending = _open;
            index = pending.Observations.Count;
            pending.Observations.Add(observation);
        }

        return pending;
    }

    /// <summary>Sends the added observations, at once or after the script in flight.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_isSending || _waiting.Count is 0)
            {
                return;
            }

            _isSending = true;
        }

        // The loop also serves other callers, so it must not carry the context of this one.
        using (ExecutionContext.SuppressFlow())
        {
            Sending = SendAsync();
        }
    }

    private async Task SendAsync()
    {
        while (TryTake(out var pending))
        {
            try
            {
                pending.Complete(await apply(pending.Observations));
            }
            catch (Exception exception)
            {
                pending.Fail(exception);
            }
        }
    }

    private bool TryTake(out PendingApply pending)
    {
        lock (_gate)
        {
            _isSending = _waiting.TryDequeue(out pending!);
            if (_isSending && ReferenceEquals(pending, _open))
            {
                _open = null;
            }

            return _isSending;
        }
    }
}
