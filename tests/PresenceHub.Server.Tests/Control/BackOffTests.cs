using PresenceHub.Server.Control;

namespace PresenceHub.Server.Tests.Control;

public sealed class BackOffTests
{
    private readonly BackOff _backOff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(5, 16)]
    [InlineData(6, 30)]
    [InlineData(int.MaxValue, 30)]
    public void After_FailuresInARow_DoublesUpToTheLongest(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), _backOff.After(failures));

    [Fact]
    public void AfterWithJitter_ManyDraws_AreSpreadOverTheUpperHalf()
    {
        var delays = Enumerable.Range(0, 1000).Select(_ => _backOff.AfterWithJitter(3).TotalSeconds).ToArray();

        Assert.All(delays, delay => Assert.InRange(delay, 2, 4));
        Assert.True(delays.Max() - delays.Min() > 1);
    }
}
