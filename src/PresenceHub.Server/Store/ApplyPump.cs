namespace PresenceHub.Server.Store;

/// <summary>
/// Applies the observations of one partition for all callers together, in the order in which they come. One script is
/// in flight at a time and what comes meanwhile goes with the next: of the 40 µs that Redis spends on a single
/// observation, two thirds are the script's.
/// </summary>
/// <remarks>What waits belongs to callers that wait for it, and those are limited: the poller by its page,
/// notifications by their queue.</remarks>
internal sealed class ApplyPump(Func<List<Observation>, Task<ApplyOutcome[]>> apply)
{
    private readonly Lock _gate = new();
    private readonly Queue<PendingApply> _waiting = [];
    private PendingApply? _open;
    private bool _isSending;

    /// <summary>The loop that sends; ended while there is nothing to apply.</summary>
    internal Task Sending { get; private set; } = Task.CompletedTask;

    /// <summary>Takes over an observation. Its outcome is at the index.</summary>
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

    /// <summary>Sends what was added, at once or when the script in flight is answered.</summary>
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

        // The loop goes on for other callers: nothing of this one's context belongs to it.
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
