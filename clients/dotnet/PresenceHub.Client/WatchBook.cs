using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>
/// Keeps the watch list, the calls of the present link and the waiting watches in step, under one lock. A watch changes
/// the list at once, and one loop per link carries it to the hub: so a watch and an unwatch cannot overtake each other.
/// </summary>
internal sealed class WatchBook : IDisposable
{
    private readonly Lock _gate = new();
    private readonly WatchList _list = new();
    private readonly PendingWatches _pending;
    private readonly StaleDeadline _staleDeadline;
    private LinkPlan? _plan;
    private string? _cursor;

    public WatchBook(TimeSpan staleAfterDisconnect, int maxIdsPerCall, TimeProvider time)
    {
        Limit = new CallLimit(maxIdsPerCall);
        _pending = new PendingWatches(_list, View);
        _staleDeadline = new StaleDeadline(staleAfterDisconnect, time, MarkStaleWhenDue);
    }

    public CallLimit Limit { get; }

    public PresenceView View { get; } = new();

    // Read without the lock, for a measurement.
    public int Watched => _list.Count;

    /// <summary>Set when the link's loop has a call to make.</summary>
    public Signal Work { get; } = new();

    public WatchCall Watch(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            // An answer on an earlier link does not count: the hub may reject the subject now.
            var call = WatchCall.Of(ids, Hold);
            _pending.Add(call, call.Subjects.Where(subject => _plan?.HasAnswered(subject) is not true));
            return call;
        }
    }

    /// <summary>Runs a step of a watch under the lock.</summary>
    public T Run<T>(Func<WatchList, PresenceView, T> step)
    {
        lock (_gate)
        {
            return step(_list, View);
        }
    }

    /// <summary>Ends one watch of each subject.</summary>
    public Task Unwatch(IEnumerable<string> ids)
    {
        lock (_gate)
        {
            return Release([.. ids.Distinct(StringComparer.OrdinalIgnoreCase).Select(_list.Find).OfType<Subject>()]);
        }
    }

    /// <summary>Ends one call's watch. A second time, it does nothing.</summary>
    public Task Release(WatchCall call)
    {
        lock (_gate)
        {
            if (!call.TryRelease())
            {
                return Task.CompletedTask;
            }

            var released = Release([.. call.Subjects]);
            _pending.Complete(call);
            return released;
        }
    }

    public void OpenLink(long link)
    {
        lock (_gate)
        {
            _plan = new LinkPlan(link, _list, View, _cursor, Limit);
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

    public WatchBatch? TakeResume() => Take(plan => plan.TakeResume());

    public WatchBatch? TakeFresh() => Take(plan => plan.TakeFresh());

    public UnwatchBatch? TakeUnwatch() => Take(plan => plan.TakeUnwatch());

    public void CompleteResume()
    {
        lock (_gate)
        {
            if (_plan is not null)
            {
                _cursor = _plan.CompleteResume() ?? _cursor;
                _staleDeadline.Disarm();
            }
        }
    }

    /// <summary>Begins an attempt to make a call. Pushes during a failed attempt do not count for the next one: the hub
    /// has dropped the failed attempt, so it may have left out later pushes.</summary>
    public WatchBatch Begin(WatchBatch batch)
    {
        lock (_gate)
        {
            return batch with { Pushes = PlanOf(batch.Link)?.Pushes ?? batch.Pushes };
        }
    }

    /// <summary>Applies the hub's answer to a call.</summary>
    /// <returns>The rejected ids whose entries were known: the policy has changed.</returns>
    public IReadOnlyList<string> Answer(WatchBatch batch, WatchResult result)
    {
        lock (_gate)
        {
            if (PlanOf(batch.Link) is not { } plan)
            {
                return [];
            }

            var answer = new BatchAnswer(batch, _list, result);
            var rejected = answer.Rejected;
            var revoked = Remove([.. rejected.Keys], subject => _pending.Reject(subject, rejected[subject]));
            plan.Apply(answer);

            // A held cursor stays: changes of other subjects up to the new one may not have been handled yet.
            _cursor = batch.IsResume ? _cursor : _cursor ?? result.Cursor;
            _pending.Answer(answer.Accepted);
            ReleaseFailed();
            return revoked;
        }
    }

    /// <summary>Fails the calls that wait for the subjects of a refused call. The subjects leave the list, except those
    /// of a resume: the next watch of them or the next link asks for them in full.</summary>
    public void Fail(WatchBatch batch, PresenceHubException failure)
    {
        lock (_gate)
        {
            Subject[] refused = [.. batch.Subjects.Where(_list.Contains)];
            View.MarkStale([.. refused.Select(_list.MarkUnsynced)]);
            PlanOf(batch.Link)?.Refuse(refused);
            Remove(batch.IsResume ? [] : refused, _ => { });
            _pending.Fail(refused, failure);
            ReleaseFailed();
        }
    }

    /// <summary>Takes entries that the hub has pushed.</summary>
    public void Push(long link, IReadOnlyList<PresenceEntry> entries)
    {
        lock (_gate)
        {
            PlanOf(link)?.Push(entries);
        }
    }

    public void Bookmark(long link, string cursor)
    {
        lock (_gate)
        {
            // During a resume it covers only the subjects of the calls so far.
            if (PlanOf(link) is { IsResuming: false })
            {
                _cursor = cursor;
            }
        }
    }

    /// <summary>Drops subjects that may no longer be seen.</summary>
    /// <returns>The ids that were watched.</returns>
    public IReadOnlyList<string> Revoke(long link, IReadOnlyList<string> ids)
    {
        lock (_gate)
        {
            Subject[] revoked = PlanOf(link) is null ? [] : [.. ids.Select(_list.Find).OfType<Subject>().Distinct()];
            Remove(revoked, subject => _pending.Answer([subject]));
            ReleaseFailed();
            return [.. revoked.Select(subject => subject.Id)];
        }
    }

    /// <summary>Fails every waiting call for a reason, or cancels it.</summary>
    public void EndCalls(Exception? reason = null)
    {
        lock (_gate)
        {
            _pending.End(reason);
        }
    }

    public void Dispose()
    {
        View.CloseReaders();
        _staleDeadline.Dispose();
    }

    private T? Take<T>(Func<LinkPlan, T?> take)
        where T : class
    {
        lock (_gate)
        {
            return _plan is null ? null : take(_plan);
        }
    }

    private LinkPlan? PlanOf(long link) => _plan?.Number == link ? _plan : null;

    private void MarkStaleWhenDue()
    {
        lock (_gate)
        {
            if (_staleDeadline.TryFire())
            {
                // A resume that is under way has confirmed some subjects already.
                var unconfirmed = _list.Subjects.Where(subject => _plan?.HasHeardOf(subject) is not true);
                View.MarkStale([.. unconfirmed.Select(subject => subject.Id)]);
            }
        }
    }

    private Subject Hold(string id)
    {
        var subject = _list.Find(id);
        if (subject is null || _plan?.TryRetry(subject) is true)
        {
            subject ??= _list.Add(id);
            _plan?.Enqueue(subject);
            Work.Set();
        }

        _list.Hold(subject);
        return subject;
    }

    /// <param name="subjects">The subjects that leave the list.</param>
    /// <param name="settle">Tells the calls that wait for a subject.</param>
    /// <returns>The ids whose entries were known.</returns>
    private IReadOnlyList<string> Remove(IReadOnlyList<Subject> subjects, Action<Subject> settle)
    {
        foreach (var subject in subjects)
        {
            _list.Remove(subject);
            _plan?.Forget(subject);
        }

        var known = View.Remove(subjects.Select(subject => subject.Id));
        foreach (var subject in subjects)
        {
            settle(subject);
        }

        return known;
    }

    private Task Release(IReadOnlyList<Subject> subjects)
    {
        Subject[] ended = [.. subjects.Where(_list.Release)];
        Remove(ended, subject => _pending.Answer([subject]));
        ReleaseFailed();
        if (_plan is null || ended.Length == 0)
        {
            return Task.CompletedTask;
        }

        Work.Set();
        return _plan.Unwatch(ended.Select(subject => subject.Id));
    }

    // A call that fails watches nothing, even if the hub has answered for some of its subjects.
    private void ReleaseFailed()
    {
        while (_pending.TryTakeFailed(out var call))
        {
            if (call.TryRelease())
            {
                _ = Release([.. call.Subjects]);
            }
        }
    }
}
