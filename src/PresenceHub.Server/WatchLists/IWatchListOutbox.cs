using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// What sends a connection the changes of its watch list. Calls come one at a time and in order, under the lock of the
/// <see cref="InterestIndex"/>: an implementation only records.
/// </summary>
internal interface IWatchListOutbox
{
    /// <summary>These subjects are watched now.</summary>
    void Admit(IReadOnlyList<SubjectId> subjects);

    /// <summary>These subjects are no longer watched; what waits of them is dropped.</summary>
    void Discard(IReadOnlyList<SubjectId> subjects);

    /// <summary>The watcher may no longer see these subjects, and the client has to forget them.</summary>
    void Revoke(IReadOnlyList<SubjectId> subjects);
}
