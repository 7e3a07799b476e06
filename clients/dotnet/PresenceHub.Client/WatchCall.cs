using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>One <see cref="PresenceClient.Watch"/>. Guarded by the lock of its <see cref="WatchBook"/>, except for the
/// answer.</summary>
/// <param name="items">The ids of the call, each once, with its subject; an invalid id has none.</param>
internal sealed class WatchCall(IReadOnlyList<(string IdAsGiven, Subject? Subject)> items)
{
    private readonly TaskCompletionSource<WatchAdmission> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly HashSet<Subject> _subjects = [.. items.Select(item => item.Subject).OfType<Subject>()];
    private readonly HashSet<ChangeReader> _readers = [];
    private bool _isReleased;

    public IReadOnlyList<(string IdAsGiven, Subject? Subject)> Items => items;

    /// <summary>The subjects that the call holds until it is released.</summary>
    public IEnumerable<Subject> Subjects => _subjects;

    /// <summary>The ids that are none.</summary>
    public IEnumerable<RejectedSubject> Invalid =>
        items
            .Where(item => item.Subject is null)
            .Select(item => new RejectedSubject(item.IdAsGiven, RejectionReason.InvalidId));

    public Task<WatchAdmission> Answer => _answer.Task;

    /// <summary>Whether the call has the subject and has not released it.</summary>
    public bool Holds(Subject subject) => !_isReleased && _subjects.Contains(subject);

    /// <param name="ids">The ids as the application gave them.</param>
    /// <param name="hold">Holds the subject of a valid id.</param>
    public static WatchCall Of(IEnumerable<string> ids, Func<string, Subject> hold)
    {
        var items = new List<(string IdAsGiven, Subject? Subject)>();
        var seen = new HashSet<string>();
        foreach (var idAsGiven in ids)
        {
            if (!SubjectIds.TryNormalize(idAsGiven, out var id))
            {
                items.Add((idAsGiven, null));
            }
            else if (seen.Add(id))
            {
                items.Add((idAsGiven, hold(id)));
            }
        }

        return new WatchCall(items);
    }

    /// <summary>The ids of the subjects that the call holds: none that have left the list since, even if another call
    /// watches them.</summary>
    public IReadOnlyList<string> IdsIn(WatchList list) =>
        [.. _subjects.Where(subject => Holds(subject) && list.Contains(subject)).Select(subject => subject.Id)];

    /// <summary>Opens a reader of the call's subjects, which ends with the release.</summary>
    public ChangeReader OpenReader(WatchList list, PresenceView view)
    {
        var reader = view.OpenReader(new Signal(), IdsIn(list));
        if (_isReleased)
        {
            reader.Dispose();
        }
        else
        {
            _readers.Add(reader);
        }

        return reader;
    }

    /// <returns>False when the reader was closed before.</returns>
    public bool TryClose(ChangeReader reader)
    {
        reader.Dispose();
        return _readers.Remove(reader);
    }

    /// <returns>False when the call was released before.</returns>
    public bool TryRelease()
    {
        if (_isReleased)
        {
            return false;
        }

        _isReleased = true;
        foreach (var reader in _readers)
        {
            reader.Dispose();
        }

        _readers.Clear();
        return true;
    }

    public void Complete(WatchAdmission admission) => _answer.TrySetResult(admission);

    public void Fail(Exception reason)
    {
        _answer.TrySetException(reason);

        // An application need not wait for the answer: without this, the failure would count as unobserved.
        _ = _answer.Task.Exception;
    }

    public void Cancel() => _answer.TrySetCanceled();
}
