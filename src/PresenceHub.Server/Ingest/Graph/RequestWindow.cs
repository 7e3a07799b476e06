namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Counts the requests of the last 30 seconds, to the second: the window in which Graph counts.</summary>
internal sealed class RequestWindow(TimeProvider time)
{
    private const int Seconds = 30;

    private readonly Lock _gate = new();
    private readonly int[] _counts = new int[Seconds];
    private readonly long _origin = time.GetTimestamp();
    private long _second;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                Move();
                return _counts.Sum();
            }
        }
    }

    public void Note()
    {
        lock (_gate)
        {
            Move();
            _counts[_second % Seconds]++;
        }
    }

    private void Move()
    {
        var now = (long)time.GetElapsedTime(_origin).TotalSeconds;
        for (var second = Math.Max(_second + 1, now - Seconds + 1); second <= now; second++)
        {
            _counts[second % Seconds] = 0;
        }

        _second = now;
    }
}
