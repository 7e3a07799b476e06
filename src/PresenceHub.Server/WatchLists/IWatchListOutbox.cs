using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>
/// Sends the changes of a watch list to its connection. Calls come one at a time and in order, under the lock of the
/// <see cref="InterestIndex"/>: an implementation only records.
/// </summary>
internal interface IWatchListOutbox
{
    /// <summary>The subjects are watched from now on.</summary>
    void Admit(IReadOnlyList<SubjectId> subjects);

    /// <summary>The subjects are no longer watched. Their pending entries are dropped.</summary>
    void Discard(IReadOnlyList<SubjectId> subjects);

    /// <summary>The watcher may no longer see the subjects. The client is told to forget them.</summary>
    void Revoke(IReadOnlyList<SubjectId> subjects);
}
