using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Polling;

namespace PresenceHub.Server.Tests.Ingest;

public sealed class IngestMetricsTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(true, 6, 0)]
    [InlineData(false, 0, 6)]
    public void Coverage_SomeInSubscriptions_TheOthersArePolledOrUncovered(bool polls, int polled, int uncovered)
    {
        using var reader = new MeterReader();
        using var metrics = reader.Create(_time, new PollingOptions { Enabled = polls });
        metrics.SetWatched(10);
        metrics.SetCovered(4);
        Assert.Equal(4, reader.Values("presencehub.ingest.subjects.covered").Last());
        Assert.Equal(polled, reader.Values("presencehub.ingest.subjects.polled").Last());
        Assert.Equal(uncovered, reader.Values("presencehub.ingest.subjects.uncovered").Last());
    }

    [Fact]
    public void BudgetUsed_RequestsOfTheLast30Seconds_AsAShareOfThoseAllowed()
    {
        using var reader = new MeterReader();
        using var metrics = reader.Create(_time);
        for (var i = 0; i < 300; i++)
        {
            metrics.GraphAnswered("presences.read", 200);
        }

        _time.Advance(TimeSpan.FromSeconds(29));
        metrics.GraphFailed("presences.read", "timeout");
        Assert.Equal(301 / 1200.0, reader.Values("presencehub.graph.budget.used").Last());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1 / 1200.0, reader.Values("presencehub.graph.budget.used").Last());
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, reader.Values("presencehub.graph.budget.used").Last());
    }
}
