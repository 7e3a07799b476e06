using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>The calls that one link has yet to make, and the subjects that the hub has pushed or answered on
/// it.</summary>
internal sealed class LinkPlan
{
    private readonly WatchList _list;
    private readonly PresenceView _view;
    private readonly CallLimit _limit;
    private readonly string? _cursor;
    private readonly Queue<Subject> _resume;
    private readonly Queue<Subject> _fresh;
    private readonly Dictionary<Subject, Heard> _heard = [];
    private readonly HashSet<Subject> _refused = [];
    private UnwatchBatch _unwatch = new();
    private UnwatchBatch? _unwatching;
    private string? _resumedTo;

    /// <param name="number">Of the link.</param>
    /// <param name="list">The subjects to watch.</param>
    /// <param name="view">The entries to resume from.</param>
    /// <param name="cursor">The position up to which the entries are complete.</param>
    /// <param name="limit">The ids that one call carries.</param>
    public LinkPlan(long number, WatchList list, PresenceView view, string? cursor, CallLimit limit)
    {
        Number = number;
        _list = list;
        _view = view;
        _limit = limit;
        _cursor = cursor;

        // The cursor does not cover a subject that was never answered: with the cursor, the hub would leave it out
        // while it is unchanged, and it would stay without an entry.
        var byCoverage = list.Subjects.ToLookup(subject => list.IsSynced(subject) && view.Find(subject.Id) is not null);
        _resume = new Queue<Subject>(byCoverage[true]);
        _fresh = new Queue<Subject>(byCoverage[false]);
    }

    public long Number { get; }

    public bool IsResuming { get; private set; } = true;

    /// <summary>How many messages of changes the hub has sent.</summary>
    public long Pushes { get; private set; }

    /// <summary>Ends the resume.</summary>
    /// <returns>The cursor that holds for the whole list; null when nothing was resumed.</returns>
    public string? CompleteResume()
    {
        IsResuming = false;
        return _resumedTo;
    }

    /// <summary>The hub has refused the call for these subjects.</summary>
    public void Refuse(IEnumerable<Subject> subjects) => _refused.UnionWith(subjects);

    /// <summary>Whether the hub has refused the subject, so that a further watch has to ask again. True once for each
    /// refusal.</summary>
    public bool TryRetry(Subject subject) => _refused.Remove(subject);

    /// <summary>Adds a subject that has just been watched.</summary>
    public void Enqueue(Subject subject)
    {
        _unwatch.Ids.Remove(subject.Id);
        _fresh.Enqueue(subject);
    }

    /// <summary>Adds subjects to unwatch at the hub.</summary>
    /// <returns>Completes when the hub has answered or the link is closed.</returns>
    public Task Unwatch(IEnumerable<string> ids)
    {
        _unwatch.Ids.UnionWith(ids);
        return _unwatch.Done;
    }

    public WatchBatch? TakeResume() => Take(_resume, _cursor, isResume: true);

    public WatchBatch? TakeFresh() => Take(_fresh, cursor: null, isResume: false);

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

    /// <summary>Takes entries that the hub has pushed. Subjects that are not watched are ignored.</summary>
    public void Push(IReadOnlyList<PresenceEntry> entries)
    {
        Pushes++;
        PresenceEntry[] watched = [.. entries.Where(entry => _list.Find(entry.Id) is not null)];
        var kept = _view.Merge(watched).ToHashSet();
        foreach (var entry in watched)
        {
            var heard = Hear(_list.Find(entry.Id)!);
            heard.LastPush = kept.Contains(entry.Id) ? Pushes : heard.LastPush;
        }
    }

    /// <summary>Takes the hub's answer to a call, except for the subjects that it rejects.</summary>
    public void Apply(BatchAnswer answer)
    {
        // The answer may overtake a push that followed it, but the hub pushes every state after its read: between equal
        // revisions the push is right.
        var entries = answer.Entries.Where(item =>
            _view.IsBehind(item.Entry) || !WasPushedSince(item.Subject, answer.Batch)
        );
        var unchanged = answer.LeftOut.Where(subject =>
            answer.Batch.Cursor is not null && !WasPushedSince(subject, answer.Batch)
        );
        _view.Merge([.. entries.Select(item => item.Entry)], [.. unchanged.Select(subject => subject.Id)]);
        foreach (var subject in answer.Accepted)
        {
            Hear(subject).IsAnswered = true;
            _list.MarkSynced(subject);
        }

        // The first answer to the resume counts: later parts were read later, so its cursor is safe for all.
        _resumedTo = answer.Batch.IsResume ? _resumedTo ?? answer.Cursor : _resumedTo;
    }

    public bool HasAnswered(Subject subject) => _heard.GetValueOrDefault(subject)?.IsAnswered is true;

    /// <summary>Whether the hub has pushed or answered the subject.</summary>
    public bool HasHeardOf(Subject subject) => _heard.ContainsKey(subject);

    /// <summary>Drops a subject whose term has ended.</summary>
    public void Forget(Subject subject)
    {
        _heard.Remove(subject);
        _refused.Remove(subject);
    }

    /// <summary>The hub forgets a connection's watch list with the connection, so nothing is left to unwatch.</summary>
    public void Close()
    {
        _unwatching?.Complete();
        _unwatch.Complete();
    }

    private bool WasPushedSince(Subject subject, WatchBatch batch) =>
        _heard.GetValueOrDefault(subject)?.LastPush > batch.Pushes;

    private Heard Hear(Subject subject)
    {
        if (!_heard.TryGetValue(subject, out var heard))
        {
            _heard.Add(subject, heard = new Heard());
        }

        return heard;
    }

    private WatchBatch? Take(Queue<Subject> queue, string? cursor, bool isResume)
    {
        var subjects = new List<Subject>();
        while (subjects.Count < _limit.Value && queue.TryDequeue(out var subject))
        {
            if (_list.Contains(subject))
            {
                subjects.Add(subject);
            }
        }

        return subjects.Count == 0 ? null : new WatchBatch(Number, subjects, cursor, isResume, Pushes);
    }

    private sealed class Heard
    {
        public bool IsAnswered { get; set; }

        /// <summary>The number of the last message that carried a kept entry of the subject.</summary>
        public long LastPush { get; set; }
    }
}
