namespace PresenceHub.Client;

/// <summary>When a view that lost its link must stop calling itself live. Guarded by the lock of
/// <see cref="WatchBook"/>.</summary>
internal sealed class StaleDeadline : IDisposable
{
    private readonly TimeSpan _dueTime;
    private readonly ITimer _timer;
    private bool _isArmed;

    public StaleDeadline(TimeSpan dueTime, TimeProvider time, Action onDue)
    {
        _dueTime = dueTime;
        _timer = time.CreateTimer(_ => onDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Starts the deadline unless it runs: a link lost in the middle of its resume does not put off the one
    /// before.</summary>
    public void Arm()
    {
        if (!_isArmed)
        {
            _isArmed = true;
            _timer.Change(_dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Disarm()
    {
        _isArmed = false;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>False when the deadline was disarmed while its callback waited for the lock.</summary>
    public bool TryFire()
    {
        var wasArmed = _isArmed;
        _isArmed = false;
        return wasArmed;
    }

    public void Dispose() => _timer.Dispose();
}
