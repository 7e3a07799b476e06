using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>One <see cref="PresenceClient.WatchAsync"/> and what it still waits for. Guarded by the lock of
/// <see cref="WatchBook"/>.</summary>
/// <param name="link">Number of the first link whose answers count.</param>
internal sealed class WatchCall(long link)
{
    private readonly TaskCompletionSource<WatchAdmission> _answer = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly List<(string IdAsGiven, Subject? Subject)> _items = [];
    private int _settled;

    public Task<WatchAdmission> Answer => _answer.Task;

    /// <summary>What the call holds until it is released or fails.</summary>
    public IEnumerable<Subject> Subjects => _items.Select(item => item.Subject).OfType<Subject>();

    public bool IsReleased { get; set; }

    public bool HasFailed => _answer.Task.IsFaulted;

    public void AddInvalid(string id) => _items.Add((id, null));

    public void Add(string id, Subject subject) => _items.Add((id, subject));

    public bool End(Exception? reason) => reason is null ? _answer.TrySetCanceled() : _answer.TrySetException(reason);

    public bool TryComplete()
    {
        while (_settled < _items.Count && IsSettled(_items[_settled].Subject))
        {
            _settled++;
        }

        if (_settled < _items.Count)
        {
            return false;
        }

        if (_items.Find(item => item.Subject?.Failure is not null).Subject?.Failure is { } failure)
        {
            _answer.TrySetException(failure);
        }
        else
        {
            _answer.TrySetResult(Admission());
        }

        return true;
    }

    /// <summary>Answers with what is known.</summary>
    public void Complete() => _answer.TrySetResult(Admission());

    // An answer on an earlier link is no answer: the hub may refuse the subject now.
    private bool IsSettled(Subject? subject) =>
        subject is null || subject.HasLeft || (subject.AnsweredOn != 0 && subject.AnsweredOn >= link);

    private WatchAdmission Admission()
    {
        var entries = new List<PresenceEntry>(_items.Count);
        var rejected = new List<RejectedSubject>();
        foreach (var (idAsGiven, subject) in _items)
        {
            if ((subject is null ? RejectionReason.InvalidId : subject.Rejection) is { } reason)
            {
                rejected.Add(new RejectedSubject(idAsGiven, reason));
            }
            else if (subject is { HasLeft: false, Entry: { } entry })
            {
                entries.Add(entry);
            }
        }

        return new WatchAdmission(entries, rejected);
    }
}
