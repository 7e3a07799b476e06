namespace PresenceHub.Client;

/// <summary>Waits with full jitter: uniform between zero and the base doubled with each failure, up to the
/// cap.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan cap, Random random)
{
    /// <summary>A hub that names a longer wait is wrong: the client would not come back on the same day.</summary>
    public static readonly TimeSpan LongestNamed = TimeSpan.FromMinutes(10);

    /// <summary>A hub that names a shorter wait would be asked without pause.</summary>
    public static readonly TimeSpan ShortestNamed = TimeSpan.FromMilliseconds(100);

    // Beyond this many doublings every range is at the cap (1 ms doubled 30 times is 12 days), and a double stays
    // exact.
    private const int MostDoublings = 30;

    private int _failures;

    /// <summary>
    /// A wait that the hub names is kept in full, with as much jitter on top, so that the clients of one wave do not
    /// return together. The hub sets the pace, so this jitter does not grow with the failures.
    /// </summary>
    public TimeSpan Next(TimeSpan? retryAfter = null)
    {
        var bound = Math.Min(cap.Ticks, first.Ticks * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, MostDoublings);
        if (retryAfter is not { } named || named <= TimeSpan.Zero)
        {
            return Jitter(bound);
        }

        var wait = Math.Clamp(named.Ticks, ShortestNamed.Ticks, LongestNamed.Ticks);
        return TimeSpan.FromTicks(wait) + Jitter(Math.Min(wait, cap.Ticks));
    }

    public void Reset() => _failures = 0;

    private TimeSpan Jitter(double ticks) => TimeSpan.FromTicks((long)(ticks * random.NextDouble()));
}
