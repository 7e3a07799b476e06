namespace PresenceHub.Benchmarks.Load;

/// <summary>What one client has seen: the latest ordinal of each subject that it watches.</summary>
internal sealed class MemberView
{
    private readonly int[] _subjects;
    private readonly int[] _ordinals;

    /// <param name="subjects">Indexes of the subjects that the client watches.</param>
    public MemberView(IEnumerable<int> subjects)
    {
        _subjects = [.. subjects.Order()];
        _ordinals = new int[_subjects.Length];
    }

    public ReadOnlySpan<int> Subjects => _subjects;

    /// <summary>
    /// Takes a delivered ordinal and returns the one held before, or null for a subject that is not watched.
    /// </summary>
    public int? Exchange(int subject, int ordinal)
    {
        var at = Array.BinarySearch(_subjects, subject);
        if (at < 0)
        {
            return null;
        }

        var held = _ordinals[at];
        Volatile.Write(ref _ordinals[at], Math.Max(held, ordinal));
        return held;
    }

    /// <summary>Whether the client shows the latest change of everything it watches.</summary>
    public bool IsCurrent(ChangeLog log)
    {
        for (var at = 0; at < _subjects.Length; at++)
        {
            if (Volatile.Read(ref _ordinals[at]) < log.LatestOf(_subjects[at]))
            {
                return false;
            }
        }

        return true;
    }
}
