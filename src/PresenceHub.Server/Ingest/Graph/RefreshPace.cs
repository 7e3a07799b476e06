namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// When refreshes are read: the first at once, those that follow soon after together, and the pages of a steady stream
/// at growing intervals, so that it costs a quarter of the budget at most.
/// </summary>
internal sealed class RefreshPace
{
    internal static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    /// <summary>A new watch waits for it too, and should be read within 300 ms.</summary>
    internal static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

    private TimeSpan _delay = Shortest;
    private TimeSpan _takenAt = -Longest;

    public bool IsOpen(TimeSpan now) => now - _takenAt >= _delay;

    /// <summary>The page that was taken costs another request.</summary>
    public void TakenTwice(TimeSpan now) => _takenAt = now + _delay;

    /// <summary>A page of refreshes is read.</summary>
    public void Taken(TimeSpan now)
    {
        var isSteady = now - _takenAt < 2 * _delay;
        _delay =
            !isSteady ? Shortest
            : 2 * _delay < Longest ? 2 * _delay
            : Longest;
        _takenAt = now;
    }
}
