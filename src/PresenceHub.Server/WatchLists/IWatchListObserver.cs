using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Follows every change of every watch list on this node. Calls for one list come one at a time and in order, while the list is
/// locked: an implementation only takes note.
/// </summary>
internal interface IWatchListObserver
{
    void Added(WatchList list, IReadOnlyList<SubjectId> subjects);

    void Removed(WatchList list, IReadOnlyList<SubjectId> subjects);

    /// <summary>They were removed, because the watcher may no longer see them; the client has to be told.</summary>
    void Revoked(WatchList list, IReadOnlyList<SubjectId> subjects)
    {
    }
}
