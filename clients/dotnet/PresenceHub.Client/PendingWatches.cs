using System.Diagnostics.CodeAnalysis;

namespace PresenceHub.Client;

/// <summary>The calls to watch that the hub has not answered yet. They outlive links.</summary>
internal sealed class PendingWatches(WatchList list, PresenceView view)
{
    private readonly Dictionary<WatchCall, PendingWatch> _watches = [];
    private readonly Dictionary<Subject, HashSet<PendingWatch>> _bySubject = [];
    private readonly Queue<WatchCall> _failed = [];

    /// <summary>Adds a call, or completes it when there is nothing to wait for.</summary>
    public void Add(WatchCall call, IEnumerable<Subject> unanswered)
    {
        var watch = new PendingWatch(call, unanswered);
        _watches.Add(call, watch);
        foreach (var subject in call.Subjects)
        {
            if (!_bySubject.TryGetValue(subject, out var watches))
            {
                _bySubject.Add(subject, watches = []);
            }

            watches.Add(watch);
        }

        CompleteIfSettled(watch);
    }

    /// <summary>The hub has answered for subjects, or no watch holds them any more.</summary>
    public void Answer(IEnumerable<Subject> subjects)
    {
        foreach (var subject in subjects)
        {
            Settle(subject, watch => watch.Answer(subject));
        }
    }

    /// <summary>A subject has left the list because it may not be watched.</summary>
    public void Reject(Subject subject, string reason) => Settle(subject, watch => watch.Reject(subject, reason));

    /// <summary>The call that was to watch these subjects failed.</summary>
    public void Fail(IEnumerable<Subject> subjects, PresenceHubException failure)
    {
        foreach (var subject in subjects)
        {
            Settle(subject, watch => watch.Fail(subject, failure));
        }
    }

    /// <summary>Takes a call that has failed and whose watch has to end.</summary>
    public bool TryTakeFailed([NotNullWhen(true)] out WatchCall? call) => _failed.TryDequeue(out call);

    /// <summary>Completes a call with what is known.</summary>
    public void Complete(WatchCall call)
    {
        if (_watches.TryGetValue(call, out var watch))
        {
            Remove(call);
            call.Complete(watch.ToAdmission(list, view));
        }
    }

    /// <summary>Stops waiting for a call's answer.</summary>
    public void Remove(WatchCall call)
    {
        if (!_watches.Remove(call, out var watch))
        {
            return;
        }

        foreach (var subject in call.Subjects)
        {
            if (_bySubject.TryGetValue(subject, out var watches) && watches.Remove(watch) && watches.Count == 0)
            {
                _bySubject.Remove(subject);
            }
        }
    }

    /// <summary>Ends every wait.</summary>
    /// <param name="reason">Why; null cancels the calls.</param>
    public void End(Exception? reason)
    {
        foreach (var call in _watches.Keys)
        {
            if (reason is null)
            {
                call.Cancel();
            }
            else
            {
                call.Fail(reason);
            }
        }

        _watches.Clear();
        _bySubject.Clear();
    }

    private void Settle(Subject subject, Action<PendingWatch> apply)
    {
        if (!_bySubject.TryGetValue(subject, out var watches))
        {
            return;
        }

        // Completing a call removes it.
        foreach (var watch in watches.ToArray())
        {
            apply(watch);
            CompleteIfSettled(watch);
        }
    }

    private void CompleteIfSettled(PendingWatch watch)
    {
        if (!watch.IsSettled)
        {
            return;
        }

        if (watch.Failure is { } failure)
        {
            Remove(watch.Call);
            watch.Call.Fail(failure);
            _failed.Enqueue(watch.Call);
        }
        else
        {
            Complete(watch.Call);
        }
    }
}
