namespace PresenceHub.Server.Control;

/// <summary>
/// The system clock, whose timers fire on the <see cref="ControlThread"/> that created them. Timers created on other
/// threads are those of the system.
/// </summary>
internal sealed class ControlTime : TimeProvider
{
    private static readonly ControlTime Instance = new();

    private ControlTime() { }

    /// <summary>The clock for a control loop. The clock of a test is returned unchanged.</summary>
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
