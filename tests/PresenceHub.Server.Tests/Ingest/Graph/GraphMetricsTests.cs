using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class GraphMetricsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void BudgetUsed_RequestsOfTheLast30Seconds_AsAShareOfThoseAllowed()
    {
        using var reader = new MeterReader();
        using var metrics = new GraphMetrics(reader.Meters, Options.Create(new GraphOptions()), _time);
        for (var i = 0; i < 300; i++)
        {
            metrics.Answered("presences.read", 200);
        }

        _time.Advance(TimeSpan.FromSeconds(29));
        metrics.Failed("presences.read", "timeout");
        Assert.Equal(301 / 1200.0, reader.Values("presencehub.graph.budget.used").Last());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1 / 1200.0, reader.Values("presencehub.graph.budget.used").Last());
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, reader.Values("presencehub.graph.budget.used").Last());
    }
}
