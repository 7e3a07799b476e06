using System.Collections.Concurrent;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

/// <summary>Which outboxes want which subject, on this node.</summary>
internal sealed class InterestIndex(PresenceMirror mirror, Outboxes outboxes) : IWatchListObserver
{
    private readonly ConcurrentDictionary<SubjectId, Outbox[]> _watchers = [];

    /// <summary>An outbox has to be flushed: its client is to forget somebody.</summary>
    public event Action<Outbox>? Revoking;

    public void Added(WatchList list, IReadOnlyList<SubjectId> subjects)
    {
        if (outboxes.Find(list.ConnectionId) is { } outbox)
        {
            outbox.Admit(subjects);
            foreach (var subject in subjects)
            {
                _watchers.AddOrUpdate(subject, static (_, added) => [added], static (_, present, added) => [.. present, added], outbox);
            }
        }

        mirror.Track(subjects);
    }

    public void Removed(WatchList list, IReadOnlyList<SubjectId> subjects)
    {
        mirror.Untrack(subjects);
        if (outboxes.Find(list.ConnectionId) is not { } outbox)
        {
            return;
        }

        foreach (var subject in subjects)
        {
            Remove(subject, outbox);
        }

        outbox.Discard(subjects);
    }

    public void Revoked(WatchList list, IReadOnlyList<SubjectId> subjects)
    {
        if (outboxes.Find(list.ConnectionId) is { } outbox && outbox.Revoke(subjects))
        {
            Revoking?.Invoke(outbox);
        }
    }

    public Outbox[] WatchersOf(SubjectId subject) => _watchers.TryGetValue(subject, out var watchers) ? watchers : [];

    private void Remove(SubjectId subject, Outbox outbox)
    {
        while (_watchers.TryGetValue(subject, out var present))
        {
            Outbox[] left = [.. present.Where(other => other != outbox)];
            var isDone = left.Length is 0
                ? _watchers.TryRemove(KeyValuePair.Create(subject, present))
                : _watchers.TryUpdate(subject, left, present);
            if (isDone)
            {
                return;
            }
        }
    }
}
