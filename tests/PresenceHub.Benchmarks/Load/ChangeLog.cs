using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Load;

/// <summary>
/// Every change that a case makes: its subject, its place in that subject's order, and the time it was meant to happen.
/// </summary>
internal sealed class ChangeLog(IReadOnlyList<string> subjectIds)
{
    private readonly Lock _gate = new();
    private readonly List<(int Subject, int Ordinal)> _changes = [];
    private readonly List<long>[] _intended = [.. subjectIds.Select(_ => new List<long>())];

    public IReadOnlyList<string> SubjectIds => subjectIds;

    public Change Add(int subject, long intended)
    {
        lock (_gate)
        {
            var number = _changes.Count;
            _intended[subject].Add(intended);
            _changes.Add((subject, _intended[subject].Count));
            return new Change(subjectIds[subject], ChangeMarker.ToActivity(number));
        }
    }

    /// <summary>The change of a number. Ordinals of a subject begin at 1.</summary>
    public (int Subject, int Ordinal) this[int number]
    {
        get
        {
            lock (_gate)
            {
                return _changes[number];
            }
        }
    }

    /// <summary>
    /// When the change of this ordinal was meant to happen (<see cref="System.Diagnostics.Stopwatch"/> ticks).
    /// </summary>
    public long IntendedAt(int subject, int ordinal)
    {
        lock (_gate)
        {
            return _intended[subject][ordinal - 1];
        }
    }

    /// <summary>The ordinal of the subject's latest change; 0 before any.</summary>
    public int LatestOf(int subject)
    {
        lock (_gate)
        {
            return _intended[subject].Count;
        }
    }
}
