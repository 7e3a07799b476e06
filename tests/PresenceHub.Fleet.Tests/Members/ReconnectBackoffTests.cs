using PresenceHub.Fleet.Members;

namespace PresenceHub.Fleet.Tests.Members;

public sealed class ReconnectBackoffTests
{
    [Fact]
    public void Next_WaitThatTheHubNames_IsKeptInFullAndSpread()
    {
        var backoff = ReconnectBackoff.Create(new Random(1));

        var waits = Enumerable.Range(0, 200).Select(_ => backoff.Next(TimeSpan.FromSeconds(4)).TotalSeconds).ToArray();

        Assert.Equal(200, waits.Length);
        Assert.All(waits, wait => Assert.InRange(wait, 4, 8));
        Assert.True(waits.Max() - waits.Min() > 3);
    }

    [Fact]
    public void Next_ManyFailures_StaysWithinTheCap()
    {
        var backoff = ReconnectBackoff.Create(new Random(1));

        var waits = Enumerable.Range(0, 100).Select(_ => backoff.Next().TotalSeconds).ToArray();

        Assert.Equal(100, waits.Length);
        Assert.All(waits, wait => Assert.InRange(wait, 0, 15));
        Assert.True(waits.Max() > 10);
    }
}
