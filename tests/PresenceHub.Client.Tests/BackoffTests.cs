using PresenceHub.Client.Tests.Fakes;

namespace PresenceHub.Client.Tests;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    [Fact]
    public void Next_HighestLuck_DoublesUpToTheCap()
    {
        var backoff = new Backoff(First, Cap, new FixedRandom(1));
        Assert.Equal([1, 2, 4, 8, 16, 30, 30], Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalSeconds));
    }

    [Fact]
    public void Next_LowestLuck_IsZero()
    {
        var backoff = new Backoff(First, Cap, new FixedRandom(0));
        Assert.All(Enumerable.Range(0, 10), _ => Assert.Equal(TimeSpan.Zero, backoff.Next()));
    }

    [Fact]
    public void Next_AfterManyFailures_StaysWithinTheCapAndSpreads()
    {
        var backoff = new Backoff(First, Cap, new Random(1));
        var waits = Enumerable.Range(0, 10_000).Select(_ => backoff.Next()).Skip(5).ToArray();
        Assert.Equal(9_995, waits.Length);
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, Cap));
        Assert.InRange(waits.Average(wait => wait.TotalSeconds), 14, 16);
    }

    [Fact]
    public void Reset_AfterFailures_StartsAgain()
    {
        var backoff = new Backoff(First, Cap, new FixedRandom(1));
        backoff.Next();
        backoff.Next();
        backoff.Reset();
        Assert.Equal(First, backoff.Next());
    }

    [Theory]
    [InlineData(0, 5_000, 5_000)]
    [InlineData(0.5, 5_000, 7_500)]
    [InlineData(1, 120_000, 150_000)]
    [InlineData(0, 1, 100)]
    [InlineData(0, 3_600_000, 600_000)]
    public void Next_WaitNamedByTheHub_IsKeptInFullWithJitterOnTop(double luck, int named, int expected)
    {
        var backoff = new Backoff(First, Cap, new FixedRandom(luck));
        Assert.Equal(expected, backoff.Next(TimeSpan.FromMilliseconds(named)).TotalMilliseconds, 0.01);
        Assert.Equal(expected, backoff.Next(TimeSpan.FromMilliseconds(named)).TotalMilliseconds, 0.01);
    }

    [Fact]
    public void Next_HubNamesZero_IsFullJitter()
    {
        var backoff = new Backoff(First, Cap, new FixedRandom(1));
        Assert.Equal([1, 2, 4], Enumerable.Range(0, 3).Select(_ => backoff.Next(TimeSpan.Zero).TotalSeconds));
    }
}
