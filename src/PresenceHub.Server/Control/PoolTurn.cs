namespace PresenceHub.Server.Control;

/// <summary>Distinguishes a stalled thread pool from a server that does not answer.</summary>
internal static class PoolTurn
{
    /// <summary>
    /// Waits until the pool has run everything that was queued before. False if it has not within the limit.
    /// </summary>
    public static async Task<bool> WaitAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource();

        // Queued twice, because the first item may run in parallel with the last of those before it.
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
