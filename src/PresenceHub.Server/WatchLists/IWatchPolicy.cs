using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>Decides on the server which subjects a watcher may see. Denied and unknown subjects must look the same, so
/// a policy does not check whether a subject exists.</summary>
internal interface IWatchPolicy
{
    /// <summary>
    /// Raised when the answers may have changed: all watch lists are reviewed at once. They are also reviewed
    /// periodically, for policies that cannot raise it.
    /// </summary>
    event Action? Changed;

    /// <summary>The subjects of <paramref name="subjects"/> that the watcher may see.</summary>
    ValueTask<IReadOnlySet<SubjectId>> FilterAsync(
        Watcher watcher,
        IReadOnlyCollection<SubjectId> subjects,
        CancellationToken cancellationToken
    );
}
