namespace PresenceHub.Server.Control;

/// <summary>The system's clock, whose timers fire on the <see cref="ControlThread"/> that made them. Elsewhere they are
/// the system's.</summary>
internal sealed class ControlTime : TimeProvider
{
    private static readonly ControlTime Instance = new();

    private ControlTime() { }

    /// <summary>The clock for a control loop. A clock that a test moves stays what it is.</summary>
    public static TimeProvider Of(TimeProvider time) => time == System ? Instance : time;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (SynchronizationContext.Current is not ControlThread thread)
        {
            return System.CreateTimer(callback, state, dueTime, period);
        }

        var timer = thread.CreateTimer(callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
