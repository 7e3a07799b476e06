using PresenceHub.Contracts;
using PresenceHub.Server.Control;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>Subjects for which Graph refuses a whole page, and when each is read again, alone.</summary>
internal sealed class Quarantine
{
    /// <summary>At the longest delay they cost less than a read a second. More than that are read with others, and
    /// looked for again.</summary>
    internal const int Capacity = 256;

    internal static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);
    private static readonly BackOff Delays = new(FirstDelay, LongestDelay);

    private readonly Dictionary<SubjectId, (TimeSpan Until, int Failures)> _subjects = [];

    private TimeSpan _forgetAt = TimeSpan.MinValue;

    public int Count => _subjects.Count;

    /// <summary>A read of the subject alone has failed, or it was found in a page that failed. False when there is no
    /// room.</summary>
    /// <param name="wait">It is read no earlier than this.</param>
    public bool TryAdd(SubjectId subject, TimeSpan now, TimeSpan wait, out TimeSpan until)
    {
        var failures = _subjects.TryGetValue(subject, out var known) ? known.Failures + 1 : 0;
        var delay = Delays.After(failures + 1);
        until = now + (delay > wait ? delay : wait);
        if (failures is 0 && _subjects.Count >= Capacity)
        {
            ForgetUnwatched(now);
            if (_subjects.Count >= Capacity)
            {
                return false;
            }
        }

        _subjects[subject] = (until, failures);
        return true;
    }

    /// <summary>False when it is not in quarantine.</summary>
    public bool TryGet(SubjectId subject, out TimeSpan until)
    {
        var isKnown = _subjects.TryGetValue(subject, out var known);
        until = known.Until;
        return isKnown;
    }

    /// <summary>Graph has answered.</summary>
    public void Remove(SubjectId subject) => _subjects.Remove(subject);

    public void Clear() => _subjects.Clear();

    /// <summary>A subject that is watched is read when its time has come, so the others are those long
    /// overdue.</summary>
    private void ForgetUnwatched(TimeSpan now)
    {
        if (now < _forgetAt)
        {
            return;
        }

        _forgetAt = now + FirstDelay;
        foreach (var (subject, (until, _)) in _subjects)
        {
            if (until + LongestDelay < now)
            {
                _subjects.Remove(subject);
            }
        }
    }
}
