using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// The client's whole state under one lock: what it wants to watch, what it knows, and what each link has yet to hear.
/// Wishes change the list at once; one loop per link carries them to the hub, so that a watch and an unwatch cannot
/// overtake each other.
/// </summary>
internal sealed class WatchBook : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SubjectTable _table = new();
    private readonly List<WatchCall> _calls = [];
    private readonly StaleDeadline _staleDeadline;
    private LinkPlan? _plan;
    private long _lastLink;
    private long _pushes;
    private string? _cursor;

    public WatchBook(TimeSpan staleAfterDisconnect, int maxIdsPerCall, TimeProvider time)
    {
        Limit = new CallLimit(maxIdsPerCall);
        View = new PresenceView(_gate, _table);
        _staleDeadline = new StaleDeadline(staleAfterDisconnect, time, Degrade);
    }

    public CallLimit Limit { get; }

    public PresenceView View { get; }

    /// <summary>Set when the link's loop has something to carry.</summary>
    public Signal Work { get; } = new();

    public WatchCall Watch(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            var call = new WatchCall(_plan?.Number ?? _lastLink + 1);
            var seen = new HashSet<string>();
            foreach (var idAsGiven in ids)
            {
                if (!SubjectIds.TryNormalize(idAsGiven, out var id))
                {
                    call.AddInvalid(idAsGiven);
                }
                else if (seen.Add(id))
                {
                    var subject = _table.Find(id) ?? AddSubject(id);
                    subject.Holders++;
                    call.Add(idAsGiven, subject);
                }
            }

            _calls.Add(call);
            Settle();
            return call;
        }
    }

    public void Abandon(WatchCall call)
    {
        lock (_gate)
        {
            _calls.Remove(call);
        }
    }

    /// <summary>Ends one watch of each subject.</summary>
    public Task Unwatch(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            return Release([.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Select(_table.Find).OfType<Subject>()]);
        }
    }

    /// <summary>Ends one call's watch. Again, it does nothing.</summary>
    public Task Release(WatchCall call)
    {
        lock (_gate)
        {
            if (call.IsReleased)
            {
                return Task.CompletedTask;
            }

            call.IsReleased = true;
            var released = Release([.. call.Subjects]);
            call.Complete();
            _calls.Remove(call);
            return released;
        }
    }

    public void OpenLink(long link)
    {
        lock (_gate)
        {
            _lastLink = link;
            _plan = new LinkPlan(link, _table, _cursor, Limit);
        }
    }

    public void CloseLink()
    {
        lock (_gate)
        {
            if (_plan is not null)
            {
                _plan.Close();
                _plan = null;
                _staleDeadline.Arm();
            }
        }
    }

    public WatchBatch? TakeResume()
    {
        lock (_gate)
        {
            return _plan?.TakeResume(_pushes);
        }
    }

    public WatchBatch? TakeFresh()
    {
        lock (_gate)
        {
            return _plan?.TakeFresh(_pushes);
        }
    }

    public UnwatchBatch? TakeUnwatch()
    {
        lock (_gate)
        {
            return _plan?.TakeUnwatch();
        }
    }

    public void CompleteResume()
    {
        lock (_gate)
        {
            if (_plan is not null)
            {
                _plan.CompleteResume();
                _cursor = _plan.ResumedTo ?? _cursor;
                _staleDeadline.Disarm();
            }
        }
    }

    /// <summary>
    /// The batch as it is asked for now. What was pushed during an attempt that failed says nothing about the answer to
    /// the next: the hub has forgotten that attempt, and with it may have left out later pushes.
    /// </summary>
    public WatchBatch Begin(WatchBatch batch)
    {
        lock (_gate)
        {
            return batch with { Pushes = _pushes };
        }
    }

    /// <returns>Ids whose entries were known and may no longer be seen.</returns>
    public IReadOnlyList<string> Answer(WatchBatch batch, WatchResult result)
    {
        lock (_gate)
        {
            if (batch.Plan != _plan)
            {
                return [];
            }

            var answer = new BatchAnswer(_table, batch);
            answer.Apply(result);
            if (batch.IsResume)
            {
                _plan.ResumedTo ??= result.Cursor;
            }
            else
            {
                // A held cursor stays: changes of other subjects up to the new one may still wait in the connection's
                // callbacks.
                _cursor ??= result.Cursor;
            }

            Settle();
            return answer.Revoked;
        }
    }

    public void Fail(WatchBatch batch, PresenceHubException failure)
    {
        lock (_gate)
        {
            foreach (var subject in batch.Subjects.Where(_table.Holds))
            {
                subject.Failure = failure;
                _table.Remove(subject);
            }

            Settle();
        }
    }

    public void Push(long link, IReadOnlyList<PresenceEntry> entries)
    {
        lock (_gate)
        {
            if (_plan?.Number != link)
            {
                return;
            }

            _pushes++;
            foreach (var entry in entries)
            {
                if (_table.Find(entry.Id) is { } subject)
                {
                    subject.HeardOn = link;
                    subject.LastPush = _table.Merge(subject, entry) ? _pushes : subject.LastPush;
                }
            }
        }
    }

    public void Bookmark(long link, string cursor)
    {
        lock (_gate)
        {
            // In the middle of a resume it speaks only for the chunks that were sent.
            if (_plan is { IsResuming: false } plan && plan.Number == link)
            {
                _cursor = cursor;
            }
        }
    }

    /// <returns>The ids that were watched.</returns>
    public IReadOnlyList<string> Revoke(long link, IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            return _plan?.Number == link ? RemoveSubjects(ids, RejectionReason.NotVisible) : [];
        }
    }

    /// <summary>Ends every waiting call: cancelled, or failed for a reason.</summary>
    public void EndCalls(Exception? reason = null)
    {
        lock (_gate)
        {
            foreach (var call in _calls)
            {
                call.End(reason);
            }

            _calls.Clear();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _table.CloseReaders();
            _staleDeadline.Dispose();
        }
    }

    private void Degrade()
    {
        lock (_gate)
        {
            // A resume that is under way has confirmed some subjects already.
            foreach (
                var subject in _staleDeadline.TryFire()
                    ? _table.Subjects.Where(subject => subject.HeardOn != _plan?.Number)
                    : []
            )
            {
                _table.MarkStale(subject);
            }
        }
    }

    private Subject AddSubject(string id)
    {
        var subject = _table.Add(id);
        _plan?.Enqueue(subject);
        Work.Set();
        return subject;
    }

    private List<string> RemoveSubjects(IEnumerable<string> ids, string? rejection)
    {
        var removed = new List<string>();
        foreach (var id in ids)
        {
            if (_table.Find(id) is { } subject)
            {
                subject.Rejection = rejection;
                _table.Remove(subject);
                removed.Add(subject.Id);
            }
        }

        Settle();
        return removed;
    }

    private Task Release(Subject[] subjects)
    {
        string[] ended =
        [
            .. subjects.Where(subject => _table.Holds(subject) && --subject.Holders == 0).Select(subject => subject.Id),
        ];
        var removed = RemoveSubjects(ended, rejection: null);
        if (_plan is null || removed.Count == 0)
        {
            return Task.CompletedTask;
        }

        Work.Set();
        return _plan.Unwatch(removed);
    }

    private void Settle()
    {
        var settled = _calls.FindAll(call => call.TryComplete());
        _calls.RemoveAll(settled.Contains);

        // A call that fails watches nothing, also where the hub has answered for some of its subjects.
        foreach (var failed in settled.Where(call => call.HasFailed && !call.IsReleased))
        {
            failed.IsReleased = true;
            _ = Release([.. failed.Subjects]);
        }
    }
}
