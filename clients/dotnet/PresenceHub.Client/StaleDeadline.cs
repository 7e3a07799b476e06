namespace PresenceHub.Client;

/// <summary>How long a view that has lost its link may call its entries live.</summary>
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

    /// <summary>Starts the deadline unless it runs: the loss of a link during its resume does not extend the deadline
    /// of the link before.</summary>
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

    /// <summary>Ends the deadline. False when it was disarmed after it had become due.</summary>
    public bool TryFire()
    {
        var wasArmed = _isArmed;
        _isArmed = false;
        return wasArmed;
    }

    public void Dispose() => _timer.Dispose();
}
