using PresenceHub.Benchmarks.Load;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>What a system used to deliver changes in one window of measurement.</summary>
internal sealed record FanOutWindow(DeliveryTotals Totals, TimeSpan Cpu, long? AllocatedBytes, bool Converged)
{
    private static readonly TimeSpan ConvergenceLimit = TimeSpan.FromSeconds(20);

    public double CpuPerExpected => Cpu.TotalMicroseconds / Totals.Expected;

    public double CpuPerDelivered => Cpu.TotalMicroseconds / Totals.Delivered;

    /// <summary>Applies the load and waits until every client in the range shows the latest changes.</summary>
    public static async Task<FanOutWindow> MeasureAsync(
        SystemUnderTest system,
        Crowd crowd,
        Deliveries deliveries,
        Range members,
        Func<Task> load
    )
    {
        deliveries.Reset();
        var allocated = await system.AllocatedBytesAsync();
        var cpu = system.CpuTime();
        await load();
        var converged = await crowd.WaitUntilCurrentAsync(members, ConvergenceLimit);
        cpu = system.CpuTime() - cpu;
        return new FanOutWindow(deliveries.Read(), cpu, await system.AllocatedBytesAsync() - allocated, converged);
    }

    public void AddTo(Samples samples, string system)
    {
        samples.Add(system, Metrics.Defects, "", Totals.Reversed + Totals.Foreign + (Converged ? 0 : 1));
        if (Totals.Delivered is 0)
        {
            return;
        }

        samples.Add(system, Metrics.CpuPerExpected, "µs", CpuPerExpected);
        samples.Add(system, Metrics.CpuPerDelivered, "µs", CpuPerDelivered);
        samples.Add(system, Metrics.LatencyP50, "ms", Totals.Latency.P50);
        samples.Add(system, Metrics.LatencyP99, "ms", Totals.Latency.P99);
        samples.Add(system, Metrics.StalenessP99, "ms", Totals.Staleness.P99);
        samples.Add(system, Metrics.StalenessP999, "ms", Totals.Staleness.P999);
        samples.Add(system, Metrics.Merged, "%", 100.0 * Totals.Skipped / Totals.Expected);
        if (AllocatedBytes is { } bytes)
        {
            samples.Add(system, Metrics.Allocated, "B", (double)bytes / Totals.Delivered);
        }
    }
}
