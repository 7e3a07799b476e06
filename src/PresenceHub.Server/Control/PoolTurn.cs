namespace PresenceHub.Server.Control;

/// <summary>Tells a thread pool that stands still from a server that does not answer.</summary>
internal static class PoolTurn
{
    /// <summary>Waits until the pool has done what was queued before. False when it has not within the limit.</summary>
    public static async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource();

        // From the pool to its end and round again: the first item may run beside the last of those before it.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ => ThreadPool.UnsafeQueueUserWorkItem(_ => turn.TrySetResult(), null),
            null
        );
        try
        {
            await turn.Task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
