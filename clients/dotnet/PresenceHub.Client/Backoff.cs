namespace PresenceHub.Client;

/// <summary>Waits with full jitter: uniform between zero and the base doubled with each failure, up to the cap.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan cap, Random random)
{
    // Beyond this many doublings every range is at the cap (1 ms doubled 30 times is 12 days), and a double stays exact.
    private const int MostDoublings = 30;

    private int _failures;

    public TimeSpan Next()
    {
        var bound = Math.Min(cap.Ticks, first.Ticks * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, MostDoublings);
        return TimeSpan.FromTicks((long)(bound * random.NextDouble()));
    }

    public void Reset() => _failures = 0;
}
