using PresenceHub.Server.Ingest;

namespace PresenceHub.Server.Tests.Ingest;

public sealed class IngestMetricsTests
{
    [Theory]
    [InlineData(true, 6, 0)]
    [InlineData(false, 0, 6)]
    public void Coverage_SomeInSubscriptions_TheOthersArePolledOrUncovered(bool polls, int polled, int uncovered)
    {
        using var reader = new MeterReader();
        using var metrics = reader.Create(new PollingOptions { Enabled = polls });
        metrics.SetWatched(10);
        metrics.SetCovered(4);
        Assert.Equal(4, reader.Values("presencehub.ingest.subjects.covered").Last());
        Assert.Equal(polled, reader.Values("presencehub.ingest.subjects.polled").Last());
        Assert.Equal(uncovered, reader.Values("presencehub.ingest.subjects.uncovered").Last());
    }
}
