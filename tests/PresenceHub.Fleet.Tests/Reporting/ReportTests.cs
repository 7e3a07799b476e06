using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Reporting;
using PresenceHub.Fleet.Scenarios;

namespace PresenceHub.Fleet.Tests.Reporting;

public sealed class ReportTests
{
    [Fact]
    public void Write_Result_IsOneFileWithPlots()
    {
        var html = HtmlReport.Write(Result());

        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.Equal(6, html.Split("<svg ").Length - 1);
        Assert.Contains("<b>Failed</b>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RunThatEndedBeforeAnythingHappened_IsStillAReport()
    {
        var html = HtmlReport.Write(
            Result() with
            {
                Verdict = RunVerdict.Interrupted,
                Reason = "The run was interrupted: the result covers the time until then.",
                Timeline = [],
                ChangeLatency = LatencySummary.Empty,
                Server = null,
            }
        );

        Assert.Contains("The run was interrupted", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_LimitOfAWatcher_GivesAHint()
    {
        var counters = Result().Counters with
        {
            Errors = new Dictionary<string, long> { ["closed by the hub: limitExceeded"] = 3 },
        };

        var lines = Summary.Lines(Result() with { Counters = counters }).ToArray();

        Assert.Contains("error        3 × closed by the hub: limitExceeded", lines);
        Assert.Contains(lines, line => line.Contains("--connections-per-token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.5, new[] { 0, 0.1, 0.2, 0.3, 0.4, 0.5 })]
    [InlineData(930, new double[] { 0, 200, 400, 600, 800, 1000 })]
    [InlineData(0, new double[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    public void Ticks_LinearScale_AreRoundAndCoverTheValues(double highest, double[] expected)
    {
        var ticks = PlotScale.Linear(highest, 100, 0).Ticks().ToArray();

        Assert.Equal(expected, ticks.Select(tick => Math.Round(tick, 6)));
    }

    [Fact]
    public void Map_LogarithmicScale_GivesEveryDecadeTheSameRoom()
    {
        var scale = PlotScale.Logarithmic(1.5, 900, 0, 300);

        Assert.Equal([0, 100, 200, 300], new[] { 1.0, 10, 100, 1000 }.Select(value => Math.Round(scale.Map(value), 6)));
        Assert.Equal(0, scale.Map(0));
    }

    private static RunResult Result()
    {
        var recorder = new LatencyRecorder(TimeProvider.System);
        recorder.RecordMicroseconds(1500);
        var latency = recorder.TakeInterval();
        var points = Enumerable
            .Range(0, 10)
            .Select(second => new TimelinePoint(
                second,
                second < 5 ? "Connecting" : "Measuring",
                10,
                second * 100,
                second < 5 ? null : 3,
                second < 5 ? null : 9,
                0,
                0.5,
                300,
                null
            ));
        return new RunResult
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Seconds = 10,
            Verdict = RunVerdict.Failed,
            Scenario = new Scenario { Name = "<script>" },
            Hubs = [new Uri("http://localhost:5080")],
            Connections = new ConnectionResult(10, 9, 2),
            Changes = new ChangeResult(true, 5, 5, 40, 2),
            Counters = CounterResult.Of(new FleetCounters()),
            ChangeLatency = latency,
            Staleness = LatencySummary.Empty,
            Ready = LatencySummary.Empty,
            Reconnected = LatencySummary.Empty,
            FirstWatchCalls = LatencySummary.Empty,
            WatchCalls = LatencySummary.Empty,
            Server = new ResourceResult(0.5, 12, 300, 310, 30),
            Tool = new ToolResult(1, 100, 2),
            Violations = new Dictionary<ViolationKind, long> { [ViolationKind.Lost] = 1 },
            Details = ["Lost: connection 3 does not hold what the store holds"],
            Timeline = [.. points],
        };
    }
}
