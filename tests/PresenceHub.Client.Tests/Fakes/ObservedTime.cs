using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.Client.Tests.Fakes;

/// <summary>A clock that stands until advanced, and reports which waits have begun, so that no test advances it too
/// early.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    /// <summary>Call limits in tests are this long and no wait: they are not reported.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromHours(1);

    public Inbox<TimeSpan> Waits { get; } = new("a wait");

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < CallLimit)
        {
            Waits.Add(dueTime);
        }

        return timer;
    }

    public async Task<TimeSpan> PassNextWaitAsync()
    {
        var wait = await Waits.NextAsync();
        Advance(wait);
        return wait;
    }
}
