using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Runs;

/// <summary>Cores in use, from CPU time read at intervals.</summary>
internal sealed class CpuRate(TimeProvider time)
{
    /// <summary>
    /// The kernel counts CPU time in hundredths of a second: over a shorter time the rate would be noise.
    /// </summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(300);

    private (double CpuSeconds, long At)? _last;

    /// <summary>Cores used since the last call; null for the first one and while nothing is known.</summary>
    /// <param name="at">When the CPU time was read, as a timestamp.</param>
    public double? Next(ResourceUse? use, long at)
    {
        double? rate = null;
        if (use is not null && _last is { } last && use.CpuSeconds >= last.CpuSeconds)
        {
            var elapsed = time.GetElapsedTime(last.At, at);
            if (elapsed < ShortestInterval)
            {
                return null;
            }

            rate = (use.CpuSeconds - last.CpuSeconds) / elapsed.TotalSeconds;
        }

        _last = use is null ? null : (use.CpuSeconds, at);
        return rate;
    }
}
