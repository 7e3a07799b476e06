using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.Client.Tests;

public sealed class LogPaceTests
{
    [Fact]
    public void Next_ManyWithinAMinute_WarnsOnce()
    {
        var time = new FakeTimeProvider();
        var pace = new LogPace(time);
        var levels = new List<LogLevel>();
        for (var second = 0; second < 120; second++)
        {
            levels.Add(pace.Next());
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([0, 60], Enumerable.Range(0, 120).Where(second => levels[second] is LogLevel.Warning));
        Assert.Equal(118, levels.Count(level => level is LogLevel.Debug));
    }
}
