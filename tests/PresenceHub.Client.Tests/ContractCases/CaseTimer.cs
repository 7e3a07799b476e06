namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>A timer that reports when it is due.</summary>
internal sealed class CaseTimer(ITimer timer, Action<TimeSpan> onDue) : ITimer
{
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        onDue(dueTime);
        return timer.Change(dueTime, period);
    }

    public void Dispose()
    {
        onDue(Timeout.InfiniteTimeSpan);
        timer.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        onDue(Timeout.InfiniteTimeSpan);
        return timer.DisposeAsync();
    }
}
