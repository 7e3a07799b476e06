using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class RefreshPaceTests
{
    private readonly RefreshPace _pace = new();

    [Fact]
    public void SteadyStream_IsReadEverFurtherApart() =>
        Assert.Equal([0, 50, 150, 250, 350], TakenWithin(TimeSpan.FromMilliseconds(400)));

    [Fact]
    public void AfterARest_TheFirstIsReadAtOnceAgain()
    {
        TakenWithin(TimeSpan.FromSeconds(2));
        var later = TimeSpan.FromSeconds(10);
        Assert.True(_pace.IsOpen(later));
        _pace.Taken(later);
        Assert.False(_pace.IsOpen(later + RefreshPace.Shortest - TimeSpan.FromMilliseconds(1)));
        Assert.True(_pace.IsOpen(later + RefreshPace.Shortest));
    }

    /// <summary>Takes a page whenever one may be taken, and returns when that was (ms).</summary>
    private int[] TakenWithin(TimeSpan duration)
    {
        var taken = new List<int>();
        for (var now = TimeSpan.Zero; now < duration; now += TimeSpan.FromMilliseconds(1))
        {
            if (_pace.IsOpen(now))
            {
                _pace.Taken(now);
                taken.Add((int)now.TotalMilliseconds);
            }
        }

        return [.. taken];
    }
}
