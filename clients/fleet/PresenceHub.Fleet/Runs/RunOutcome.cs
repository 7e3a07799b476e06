using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Members;
using PresenceHub.Fleet.Reporting;

namespace PresenceHub.Fleet.Runs;

/// <summary>Collects a run's findings as they come, so that there is a result whenever it ends.</summary>
internal sealed class RunOutcome(
    DateTimeOffset startedAt,
    RunOptions options,
    PreparedFleet fleet,
    RunSampler sampler,
    RunStop stop
)
{
    private double? _rampSeconds;
    private double? _measuredSeconds;
    private StormResult? _storm;
    private LatencySummary? _rampReady;
    private LatencySummary? _rampWatch;
    private ResourceUse? _serverBefore;
    private ResourceUse? _redisBefore;
    private ResourceUse? _serverAfter;
    private ResourceUse? _redisAfter;
    private long _pushedBefore;
    private long _pushedAfter;
    private long _deliveredBefore;
    private long _skippedBefore;

    public TimeSpan? Converged { get; set; }

    public OracleResult? Oracle { get; set; }

    public int? DrivenPeople { get; set; }

    /// <summary>All members are live: their times are kept apart from those of reconnects.</summary>
    public void RampEnded(TimeSpan took)
    {
        _rampSeconds = took.TotalSeconds;
        (_rampReady, _rampWatch) = (fleet.Records.Latencies.Ready.Total(), fleet.Records.Latencies.Watch.Total());
    }

    /// <summary>What came before does not count: subscriptions were being made and lists read.</summary>
    public void MeasuringBegins()
    {
        foreach (var recorder in fleet.Records.Latencies.All)
        {
            recorder.Reset();
        }

        (_serverBefore, _redisBefore) = (sampler.Server, sampler.Redis);
        var counters = fleet.Records.Counters;
        (_pushedBefore, _deliveredBefore, _skippedBefore) = (
            counters.Pushed.Value,
            counters.Delivered.Value,
            counters.Skipped.Value
        );
    }

    public void MeasuringEnded(TimeSpan took, StormResult? storm)
    {
        (_measuredSeconds, _storm) = (took.TotalSeconds, storm);
        (_serverAfter, _redisAfter) = (sampler.Server, sampler.Redis);
        _pushedAfter = fleet.Records.Counters.Pushed.Value;
    }

    public RunResult ToResult(TimeSpan took)
    {
        var (counters, latencies) = (fleet.Records.Counters, fleet.Records.Latencies);
        var hasMeasured = _measuredSeconds is not null;
        return new RunResult
        {
            StartedAt = startedAt,
            Seconds = took.TotalSeconds,
            Scenario = options.Scenario,
            Hubs = options.Hubs,
            Verdict = Verdict(),
            Reason = stop.Reason,
            RampSeconds = _rampSeconds,
            MeasuredSeconds = _measuredSeconds,
            ConvergenceMilliseconds = Converged?.TotalMilliseconds,
            Storm = _storm,
            Connections = new ConnectionResult(
                fleet.All.Count,
                fleet.All.Count(member => member.State is MemberState.Live),
                fleet.Surroundings.Identities.Count
            ),
            Changes = new ChangeResult(
                fleet.Changes.Total > 0,
                fleet.Changes.Total,
                DrivenPeople,
                counters.Delivered.Value - _deliveredBefore,
                counters.Skipped.Value - _skippedBefore
            ),
            Counters = CounterResult.Of(counters),
            ChangeLatency = latencies.Change.Total(),
            Staleness = latencies.Staleness.Total(),
            Ready = _rampReady ?? latencies.Ready.Total(),
            Reconnected = _rampReady is null ? LatencySummary.Empty : latencies.Ready.Total(),
            WatchCalls = hasMeasured || _rampWatch is null ? latencies.Watch.Total() : _rampWatch,
            FirstWatchCalls = _rampWatch ?? LatencySummary.Empty,
            Server = ResourceResult.Of(
                _serverBefore,
                _serverAfter,
                _measuredSeconds,
                _pushedAfter - _pushedBefore,
                sampler.PeakServerMemory,
                fleet.All.Count
            ),
            Redis = ResourceResult.Of(
                _redisBefore,
                _redisAfter,
                _measuredSeconds,
                _pushedAfter - _pushedBefore,
                null,
                fleet.All.Count
            ),
            Tool = ToolResult.Read(),
            Oracle = Oracle,
            Violations = Enum.GetValues<ViolationKind>()
                .ToDictionary(kind => kind, kind => fleet.Records.Violations[kind]),
            Details = fleet.Records.Violations.Details,
            Timeline = sampler.Timeline.Points,
        };
    }

    private RunVerdict Verdict() =>
        fleet.Records.Violations.Total > 0 ? RunVerdict.Failed
        : stop.IsInterrupted ? RunVerdict.Interrupted
        : stop.Reason is not null || Oracle is null ? RunVerdict.Incomplete
        : RunVerdict.Passed;
}
