using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

public sealed class LogLimitTests
{
    [Fact]
    public void TryTake_ManyWithinAMinute_AllowsOneAndCountsTheOthers()
    {
        var time = new FakeTimeProvider();
        var limit = new LogLimit(time);
        var lines = new List<(int Second, long LeftOut)>();
        for (var second = 0; second < 180; second++)
        {
            if (limit.TryTake(out var leftOut))
            {
                lines.Add((second, leftOut));
            }

            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([(0, 0L), (60, 59L), (120, 59L)], lines);
    }

    [Fact]
    public void TryTake_AfterAQuietTime_ReportsNothingSuppressed()
    {
        var time = new FakeTimeProvider();
        var limit = new LogLimit(time);
        Assert.True(limit.TryTake());
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(limit.TryTake(out var leftOut));
        Assert.Equal(0, leftOut);
    }
}
