using System.Diagnostics;

namespace PresenceHub.Server.Control;

/// <summary>A timer that fires on its <see cref="ControlThread"/>.</summary>
internal sealed class ControlTimer(ControlThread thread, TimerCallback callback, object? state) : ITimer
{
    private const long Never = long.MaxValue;
    private readonly Lock _gate = new();
    private long _due = Never;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            _period = period;
            SetDue(dueTime);
        }

        return true;
    }

    public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// Runs the callback if it is due. The timer may have been set to a later time after it was scheduled.
    /// </summary>
    internal void Fire()
    {
        lock (_gate)
        {
            if (Stopwatch.GetTimestamp() < _due)
            {
                return;
            }

            SetDue(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan);
        }

        callback(state);
    }

    private void SetDue(TimeSpan dueTime)
    {
        if (dueTime == Timeout.InfiniteTimeSpan)
        {
            _due = Never;
            return;
        }

        _due = Stopwatch.GetTimestamp() + (long)(dueTime.TotalSeconds * Stopwatch.Frequency);
        thread.Schedule(this, _due);
    }
}
