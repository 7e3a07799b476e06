using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Runs;

/// <summary>Cores in use, from CPU time read at intervals.</summary>
internal sealed class CpuRate(TimeProvider time)
{
    private (double CpuSeconds, long At)? _last;

    /// <summary>Cores used since the last call; null for the first one and while nothing is known.</summary>
    public double? Next(ResourceUse? use)
    {
        var now = time.GetTimestamp();
        double? rate =
            use is not null && _last is { } last && use.CpuSeconds >= last.CpuSeconds
                ? (use.CpuSeconds - last.CpuSeconds) / Math.Max(time.GetElapsedTime(last.At, now).TotalSeconds, 0.001)
                : null;
        _last = use is null ? null : (use.CpuSeconds, now);
        return rate;
    }
}
