namespace PresenceHub.Fleet.Members;

/// <summary>
/// Waits before a connection is tried again: with full jitter as the contract asks, and never shorter than the hub
/// asked for.
/// </summary>
internal sealed class ReconnectDelay(Random random)
{
    private const int MostDoublings = 30;

    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(15);

    private int _failures;

    public TimeSpan Next()
    {
        var bound = Math.Min(Cap.Ticks, First.Ticks * Math.Pow(2, _failures));
        _failures = Math.Min(_failures + 1, MostDoublings);
        return TimeSpan.FromTicks((long)(bound * random.NextDouble()));
    }

    /// <summary>
    /// Obeys <c>Retry-After</c>; up to half of it is added, so that those refused together do not come back together.
    /// </summary>
    public TimeSpan Obey(TimeSpan retryAfter) => retryAfter * (1 + (random.NextDouble() / 2));

    public void Reset() => _failures = 0;
}
