using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Follows which subjects the connections of this node watch. Calls come one at a time and in order, under the lock of
/// the <see cref="InterestIndex"/>: an implementation only records.
/// </summary>
internal interface IInterestObserver
{
    /// <summary>The first watcher of each of these subjects joined. Its call may still fail.</summary>
    void Added(IReadOnlyList<SubjectId> subjects);

    /// <summary>A call that watches these subjects has succeeded, for the first time since <see cref="Added"/>: other
    /// nodes may know.</summary>
    void Announced(IReadOnlyList<SubjectId> subjects);

    /// <summary>The last watcher of each of these subjects left.</summary>
    void Removed(IReadOnlyList<SubjectId> subjects);
}
