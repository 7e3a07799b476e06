namespace PresenceHub.Client;

/// <summary>What is still to be said on one link, and how far its resume has come. Guarded by the lock of
/// <see cref="WatchBook"/>.</summary>
internal sealed class LinkPlan
{
    private readonly SubjectTable _table;
    private readonly CallLimit _limit;
    private readonly string? _resumeCursor;
    private readonly Queue<Subject> _resume;
    private readonly Queue<Subject> _fresh;
    private UnwatchBatch _unwatch = new();
    private UnwatchBatch? _unwatching;

    public LinkPlan(long number, SubjectTable table, string? cursor, CallLimit limit)
    {
        Number = number;
        _table = table;
        _limit = limit;
        _resumeCursor = cursor;

        // The cursor says nothing of a subject whose first answer never came: sent with it, an unchanged one would stay
        // without an entry.
        _resume = new Queue<Subject>(table.Subjects.Where(subject => subject.IsCovered));
        _fresh = new Queue<Subject>(table.Subjects.Where(subject => !subject.IsCovered));
    }

    public long Number { get; }

    public bool IsResuming { get; private set; } = true;

    /// <summary>The first chunk's cursor: later chunks were read later, so it is safe for all.</summary>
    public string? ResumedTo { get; set; }

    public void CompleteResume() => IsResuming = false;

    public void Enqueue(Subject subject)
    {
        _unwatch.Ids.Remove(subject.Id);
        _fresh.Enqueue(subject);
    }

    public Task Unwatch(IEnumerable<string> ids)
    {
        _unwatch.Ids.UnionWith(ids);
        return _unwatch.Done;
    }

    public WatchBatch? TakeResume(long pushes) => Take(_resume, _resumeCursor, isResume: true, pushes);

    public WatchBatch? TakeFresh(long pushes) => Take(_fresh, cursor: null, isResume: false, pushes);

    public UnwatchBatch? TakeUnwatch()
    {
        if (_unwatch.Ids.Count == 0)
        {
            _unwatch.Complete();
            _unwatch = new UnwatchBatch();
            return null;
        }

        _unwatching = _unwatch;
        _unwatch = new UnwatchBatch();
        return _unwatching;
    }

    /// <summary>The hub forgets a connection's watch list with the connection, so nothing is left to unwatch.</summary>
    public void Close()
    {
        _unwatching?.Complete();
        _unwatch.Complete();
    }

    private WatchBatch? Take(Queue<Subject> queue, string? cursor, bool isResume, long pushes)
    {
        var subjects = new List<Subject>();
        while (subjects.Count < _limit.Value && queue.TryDequeue(out var subject))
        {
            if (_table.Holds(subject))
            {
                subjects.Add(subject);
            }
        }

        return subjects.Count == 0 ? null : new WatchBatch(this, subjects, cursor, isResume, pushes);
    }
}
