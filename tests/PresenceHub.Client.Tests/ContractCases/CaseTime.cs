using Microsoft.Extensions.Time.Testing;

namespace PresenceHub.Client.Tests.ContractCases;

/// <summary>A clock that stands until moved, and tells when the next timer is due.</summary>
internal sealed class CaseTime : FakeTimeProvider
{
    /// <summary>Limits of calls are this long: no case waits for one.</summary>
    public static readonly TimeSpan CallLimit = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<object, (TimeSpan Wait, DateTimeOffset At)> _due = [];

    /// <summary>How long until the next timer is due; null when none is.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _due.Count == 0 ? null : _due.Values.Min(due => due.At) - GetUtcNow();
            }
        }
    }

    /// <summary>Whether a timer waits that was set to such a time.</summary>
    public bool HasTimer(Func<TimeSpan, bool> isSuch)
    {
        lock (_gate)
        {
            return _due.Values.Any(due => isSuch(due.Wait));
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var key = new object();
        Set(key, dueTime);
        var timer = base.CreateTimer(
            argument =>
            {
                Set(key, Timeout.InfiniteTimeSpan);
                callback(argument);
            },
            state,
            dueTime,
            period
        );
        return new CaseTimer(timer, due => Set(key, due));
    }

    private void Set(object key, TimeSpan due)
    {
        lock (_gate)
        {
            if (due == Timeout.InfiniteTimeSpan || due >= CallLimit)
            {
                _due.Remove(key);
            }
            else
            {
                _due[key] = (due, GetUtcNow() + due);
            }
        }
    }
}
