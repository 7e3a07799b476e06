using PresenceHub.GraphEmulator.Throttling;

namespace PresenceHub.GraphEmulator.Tests.Throttling;

public sealed class SlidingWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly SlidingWindow _window = new(TimeSpan.FromSeconds(30));

    [Fact]
    public void TotalAt_AfterTheWindow_ForgetsSliceBySlice()
    {
        _window.Add(Start);
        _window.Add(Start.AddSeconds(10));

        Assert.Equal(2, _window.TotalAt(Start.AddSeconds(29)));
        Assert.Equal(1, _window.TotalAt(Start.AddSeconds(30)));
        Assert.Equal(0, _window.TotalAt(Start.AddSeconds(40)));
    }

    [Theory]
    [InlineData(3, 30)]
    [InlineData(2, 35)]
    [InlineData(1, 45)]
    public void UntilBelow_ThreeEntries_IsWhenEnoughHaveGone(int limit, int seconds)
    {
        _window.Add(Start);
        _window.Add(Start.AddSeconds(5));
        _window.Add(Start.AddSeconds(15));

        Assert.Equal(TimeSpan.FromSeconds(seconds - 15), _window.UntilBelow(limit, Start.AddSeconds(15)));
        Assert.True(_window.TotalAt(Start.AddSeconds(seconds)) < limit);
    }

    [Fact]
    public void UntilBelow_Empty_IsNow()
    {
        Assert.Equal(TimeSpan.Zero, _window.UntilBelow(1, Start));
    }
}
