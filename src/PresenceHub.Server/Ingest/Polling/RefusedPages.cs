using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>
/// Subjects of pages that Graph has refused with 503 and a time to wait. It is respected by all requests at first; when
/// one of these subjects is refused so once more while Graph answers others, the fault is looked for among them.
/// </summary>
internal sealed class RefusedPages
{
    /// <summary>More than are refused before all requests wait. When it is full, only the latest page is
    /// kept.</summary>
    internal const int Capacity = 8 * PresenceReader.MaxPageSize;

    private readonly Lock _gate = new();
    private readonly HashSet<SubjectId> _subjects = [];

    public void Add(IReadOnlyCollection<SubjectId> page)
    {
        lock (_gate)
        {
            if (_subjects.Count + page.Count > Capacity)
            {
                _subjects.Clear();
            }

            _subjects.UnionWith(page);
        }
    }

    /// <summary>Graph has answered for them.</summary>
    public void Remove(IEnumerable<SubjectId> subjects)
    {
        lock (_gate)
        {
            if (_subjects.Count > 0)
            {
                _subjects.ExceptWith(subjects);
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _subjects.Clear();
        }
    }

    public bool ContainsAny(IEnumerable<SubjectId> page)
    {
        lock (_gate)
        {
            return _subjects.Count > 0 && _subjects.Overlaps(page);
        }
    }
}
