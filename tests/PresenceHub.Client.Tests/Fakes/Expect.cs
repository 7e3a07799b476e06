using System.Diagnostics;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>Waits for signals; a test fails with the name of the one that did not come.</summary>
internal static class Expect
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<T> SoonAsync<T>(Task<T> signal, string name)
    {
        await SoonAsync((Task)signal, name);
        return await signal;
    }

    public static async Task SoonAsync(Task signal, string name)
    {
        try
        {
            await signal.WaitAsync(Patience);
        }
        catch (TimeoutException) when (!signal.IsCompleted)
        {
            throw new TimeoutException($"Not within {Patience}: {name}");
        }
    }

    /// <summary>Waits for a condition that has no signal.</summary>
    public static async Task ConditionAsync(Func<bool> isMet, string name)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isMet())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new TimeoutException($"Not within {Patience}: {name}");
            }

            await Task.Yield();
        }
    }
}
