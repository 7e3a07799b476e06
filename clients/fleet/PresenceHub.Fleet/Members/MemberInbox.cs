using PresenceHub.Fleet.Checking;
using PresenceHub.Fleet.Hub;

namespace PresenceHub.Fleet.Members;

/// <summary>What a member does with the hub's messages, on light connections and in canaries alike.</summary>
internal sealed class MemberInbox(MemberIdentity identity, MemberView view, EntryAccount account) : IHubReceiver
{
    private TaskCompletionSource<TimeSpan> _leave = NewSignal();
    private string? _cursor;
    private bool _isWatching;

    /// <summary>The hub asks the client to leave; the result is how long to wait before it does.</summary>
    public Task<TimeSpan> Leave => _leave.Task;

    /// <summary>A new connection is about to be made.</summary>
    public void BeginConnection()
    {
        _leave = NewSignal();
        view.BeginConnection();
    }

    /// <summary>The whole list is about to be watched; returns the cursor to send with every call of it.</summary>
    public string? BeginWatching()
    {
        // A cursor covers subjects that an earlier Watch has answered: it is sent only when that holds for all.
        // Bookmarks are ignored until the list is answered: they cover only the subjects watched so far.
        _isWatching = true;
        return view.IsAnswered ? _cursor : null;
    }

    /// <summary>The whole list has been answered; an answer that left a subject out breaks the contract.</summary>
    /// <param name="cursor">The cursor of the first answer.</param>
    public void EndWatching(string? cursor)
    {
        (_cursor, _isWatching) = (cursor, false);
        if (!view.IsAnswered)
        {
            account.Records.Violations.Add(
                ViolationKind.Lost,
                $"{identity} got an answer to Watch that leaves subjects out"
            );
        }
    }

    public void Entry(in EntryView entry, EntrySource source, long receivedAt) =>
        account.Entry(identity, view, in entry, source, receivedAt);

    public void Rejected(string id, string reason)
    {
        account.Records.Counters.Rejected.Increment();
        if (account.TryFind(id, out var subject))
        {
            view.Rejected(subject);
        }
    }

    public void Bookmark(string cursor)
    {
        if (!_isWatching)
        {
            _cursor = cursor;
        }
    }

    public void Revoked(Guid id)
    {
        account.Records.Counters.Revoked.Increment();
        if (account.TryFind(id, out var subject))
        {
            view.Revoked(subject);
        }
    }

    public void Draining(TimeSpan reconnectAfter)
    {
        account.Records.Counters.Drained.Increment();
        _leave.TrySetResult(reconnectAfter);
    }

    private static TaskCompletionSource<TimeSpan> NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
