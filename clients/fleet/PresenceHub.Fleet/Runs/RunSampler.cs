using PresenceHub.Fleet.Measuring;
using PresenceHub.Fleet.Members;

namespace PresenceHub.Fleet.Runs;

/// <summary>
/// Looks at the run every second: keeps the timeline, feeds the display, and ends a run whose hub is gone.
/// </summary>
internal sealed class RunSampler(
    PreparedFleet fleet,
    IResourceProbe? server,
    IResourceProbe? redis,
    IRunDisplay display,
    RunClock clock,
    TimeSpan outageLimit,
    TimeProvider time
)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CpuRate _serverCpu = new(time);
    private readonly CpuRate _redisCpu = new(time);
    private long _lastEntries;
    private long _lastAt = time.GetTimestamp();
    private long _lastConnectedAt = time.GetTimestamp();

    public Timeline Timeline { get; } = new();

    /// <summary>The server's last known use.</summary>
    public ResourceUse? Server { get; private set; }

    public ResourceUse? Redis { get; private set; }

    public double PeakServerMemory { get; private set; }

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Missed ticks arrive together, and a rate over no time is undefined.
                if (time.GetElapsedTime(_lastAt) > Period / 2)
                {
                    await SampleAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) { }
    }

    /// <summary>Takes what has come since the last sample into the totals.</summary>
    public async Task SampleAsync(CancellationToken cancellationToken)
    {
        (Server, Redis) = (await ReadAsync(server, cancellationToken), await ReadAsync(redis, cancellationToken));
        var readAt = time.GetTimestamp();
        PeakServerMemory = Math.Max(PeakServerMemory, Server?.MemoryMegabytes ?? 0);
        var change = fleet.Records.Latencies.Change.TakeInterval();
        foreach (var other in fleet.Records.Latencies.All.Skip(1))
        {
            other.TakeInterval();
        }

        var (counters, states) = (fleet.Records.Counters, Count());
        var entries = counters.Pushed.Value + counters.Answered.Value;
        var seconds = Math.Max(time.GetElapsedTime(_lastAt).TotalSeconds, 0.001);
        var rate = (entries - _lastEntries) / seconds;
        (_lastEntries, _lastAt) = (entries, time.GetTimestamp());
        var hasLatency = change.Count > 0;
        var (serverCpu, redisCpu) = (_serverCpu.Next(Server, readAt), _redisCpu.Next(Redis, readAt));
        Timeline.Add(
            new TimelinePoint(
                Math.Round(clock.Elapsed.TotalSeconds, 1),
                $"{clock.Phase}",
                states.Live,
                Math.Round(rate, 1),
                hasLatency ? change.P50 : null,
                hasLatency ? change.P99 : null,
                counters.ErrorCount,
                serverCpu,
                Server?.MemoryMegabytes,
                redisCpu
            )
        );
        display.Show(
            new RunStatus(
                clock.Phase,
                clock.Elapsed,
                clock.Remaining,
                states.Live,
                fleet.All.Count,
                rate,
                hasLatency ? change.P50 : null,
                hasLatency ? change.P99 : null,
                counters.ErrorCount,
                fleet.Records.Violations.Total,
                serverCpu,
                Server?.MemoryMegabytes
            )
        );
        WatchForOutage(states.Connected);
    }

    private static async Task<ResourceUse?> ReadAsync(IResourceProbe? probe, CancellationToken cancellationToken) =>
        probe is null ? null : await probe.ReadAsync(cancellationToken);

    private (int Live, int Connected) Count()
    {
        var (live, connected) = (0, 0);
        foreach (var member in fleet.All)
        {
            live += member.State is MemberState.Live ? 1 : 0;
            connected += member.State is MemberState.Live or MemberState.Watching ? 1 : 0;
        }

        return (live, connected);
    }

    private void WatchForOutage(int connected)
    {
        if (connected > 0)
        {
            _lastConnectedAt = time.GetTimestamp();
        }
        else if (
            clock.Phase is RunPhase.Connecting or RunPhase.Measuring
            && time.GetElapsedTime(_lastConnectedAt) > outageLimit
        )
        {
            var hubs = string.Join(", ", fleet.Surroundings.Hubs.Select(hub => hub.Address));
            fleet.Surroundings.Stop.Fail(
                $"{hubs} has closed all connections and taken none for {outageLimit.TotalSeconds:0} s: look whether "
                    + "the hub still runs; the result covers the time until then."
            );
        }
    }
}
