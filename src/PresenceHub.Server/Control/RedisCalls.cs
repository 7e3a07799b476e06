namespace PresenceHub.Server.Control;

/// <summary>How a control loop waits for Redis.</summary>
internal static class RedisCalls
{
    /// <summary>
    /// A call without an answer after this time has failed. The library has a timeout of its own, of one second, but
    /// measures it with a timer of the thread pool; this limit also applies when the pool is stalled.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Waits for an answer without a thread of the pool if called on a <see cref="ControlThread"/>.</summary>
    /// <exception cref="TimeoutException">No answer within two seconds.</exception>
    public static Task<T> AnsweredAsync<T>(
        this Task<T> answer,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => AwaitHereAsync(answer).WaitAsync(Limit, time, cancellationToken);

    // The library completes its tasks in such a way that a continuation without a context, such as that of WaitAsync,
    // runs on the pool.
    private static async Task<T> AwaitHereAsync<T>(Task<T> answer) => await answer;
}
