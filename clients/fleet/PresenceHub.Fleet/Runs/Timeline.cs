using PresenceHub.Fleet.Measuring;

namespace PresenceHub.Fleet.Runs;

/// <summary>
/// A point per second. A long run thins its points out, so that a week takes no more room than an hour.
/// </summary>
internal sealed class Timeline
{
    private const int MostPoints = 4000;

    private readonly List<TimelinePoint> _points = [];
    private int _stride = 1;
    private int _skipped;

    public IReadOnlyList<TimelinePoint> Points => _points;

    public void Add(TimelinePoint point)
    {
        if (++_skipped < _stride)
        {
            return;
        }

        _skipped = 0;
        _points.Add(point);
        if (_points.Count == MostPoints)
        {
            var kept = _points.Where((_, at) => at % 2 is 0).ToArray();
            _points.Clear();
            _points.AddRange(kept);
            _stride *= 2;
        }
    }
}
