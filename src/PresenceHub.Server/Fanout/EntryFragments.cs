using System.Collections.Concurrent;
using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

/// <summary>The written form of the latest entry of every subject watched on this node, shared by pushes and by answers to <c>Watch</c>.</summary>
internal sealed class EntryFragments : IInterestObserver
{
    // Only subjects that are watched have a place, so ids that clients make up leave nothing behind.
    private readonly ConcurrentDictionary<SubjectId, EntryFragment?> _latest = [];

    public int Count => _latest.Count;

    public void Added(IReadOnlyList<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            _latest.TryAdd(subject, null);
        }
    }

    public void Removed(IReadOnlyList<SubjectId> subjects)
    {
        foreach (var subject in subjects)
        {
            _latest.TryRemove(subject, out _);
        }
    }

    public EntryFragment Of(StoredEntry entry)
    {
        if (!_latest.TryGetValue(entry.Subject, out var latest))
        {
            return new EntryFragment(entry);
        }

        if (latest is not null && (ReferenceEquals(latest.Entry, entry) || latest.Entry == entry))
        {
            return latest;
        }

        var fragment = new EntryFragment(entry);
        _latest.TryUpdate(entry.Subject, fragment, latest);
        return fragment;
    }
}
