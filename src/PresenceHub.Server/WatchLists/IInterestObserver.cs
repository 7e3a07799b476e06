using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Follows which subjects are watched by any connection of this node. Calls come one at a time and in order, under the
/// lock of the <see cref="InterestIndex"/>: an implementation only records.
/// </summary>
internal interface IInterestObserver
{
    /// <summary>The first watcher of each of these subjects joined.</summary>
    void Added(IReadOnlyList<SubjectId> subjects);

    /// <summary>The last watcher of each of these subjects left.</summary>
    void Removed(IReadOnlyList<SubjectId> subjects);
}
