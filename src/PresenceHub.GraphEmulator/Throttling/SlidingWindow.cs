namespace PresenceHub.GraphEmulator.Throttling;

/// <summary>Counts events within the last window, in thirty slices. Not thread-safe.</summary>
internal sealed class SlidingWindow(TimeSpan window)
{
    private const int Slices = 30;

    private readonly long _sliceTicks = window.Ticks / Slices;
    private readonly int[] _counts = new int[Slices];
    private long _slice;

    public int Total { get; private set; }

    public int Add(DateTimeOffset now)
    {
        MoveTo(now);
        _counts[_slice % Slices]++;
        return ++Total;
    }

    public int TotalAt(DateTimeOffset now)
    {
        MoveTo(now);
        return Total;
    }

    /// <summary>
    /// Time until fewer than <paramref name="limit"/> events are left in the window, if none is added.
    /// </summary>
    public TimeSpan UntilBelow(int limit, DateTimeOffset now)
    {
        MoveTo(now);
        var left = Total;
        for (var slice = _slice - Slices + 1; slice <= _slice; slice++)
        {
            if (left < limit)
            {
                return TimeSpan.FromTicks(Math.Max(0, ((slice - 1 + Slices) * _sliceTicks) - now.Ticks));
            }

            left -= slice < 0 ? 0 : _counts[slice % Slices];
        }

        return window;
    }

    private void MoveTo(DateTimeOffset now)
    {
        var slice = now.Ticks / _sliceTicks;
        if (slice - _slice >= Slices)
        {
            Array.Clear(_counts);
            Total = 0;
            _slice = slice;
        }

        while (_slice < slice)
        {
            _slice++;
            Total -= _counts[_slice % Slices];
            _counts[_slice % Slices] = 0;
        }
    }
}
