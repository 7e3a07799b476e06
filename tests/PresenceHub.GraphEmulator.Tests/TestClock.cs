using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.GraphEmulator.Tests;

internal static class TestClock
{
    public static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public static FakeTimeProvider Create() => new(Start);

    /// <summary>Moves the clock in small steps until something has happened that other threads must do in
    /// between.</summary>
    public static async Task AdvanceUntilAsync(
        this FakeTimeProvider time,
        TimeSpan step,
        Func<bool> happened,
        Func<bool>? isBusy = null
    )
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!happened())
        {
            Assert.True(
                TimeProvider.System.GetElapsedTime(deadline) < EmulatorFixture.Patience,
                "It did not happen in time."
            );
            if (isBusy?.Invoke() != true)
            {
                time.Advance(step);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
