namespace PresenceHub.Server.Control;

/// <summary>How a control loop waits for Redis.</summary>
internal static class RedisCalls
{
    /// <summary>
    /// A call that Redis has not answered by then has failed. The library finds that out by itself, after a second, but
    /// by a timer of the thread pool; this limit holds when the pool stands still.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Waits for an answer without a thread of the pool, when called on a
    /// <see cref="ControlThread"/>.</summary>
    /// <exception cref="TimeoutException">No answer within two seconds.</exception>
    public static Task<T> AnsweredAsync<T>(
        this Task<T> answer,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => AwaitHereAsync(answer).WaitAsync(Limit, time, cancellationToken);

    // The library completes its tasks so that a continuation without a context, such as the one of WaitAsync, runs on
    // the pool.
    private static async Task<T> AwaitHereAsync<T>(Task<T> answer) => await answer;
}
