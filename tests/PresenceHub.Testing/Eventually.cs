namespace PresenceHub.Testing;

/// <summary>For what is promised soon rather than at once, and raises no event.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    /// <summary>The first answer that fits.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> fits)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (true)
        {
            var answer = await ask();
            if (fits(answer))
            {
                return answer;
            }

            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"No answer was the one awaited; the last was {answer}");
            }

            await Task.Delay(Period, TimeProvider.System);
        }
    }
}
