using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>Decides on the server which subjects a watcher may see. Denied and unknown people must look the same, so it
/// never asks whether a person exists.</summary>
internal interface IWatchPolicy
{
    /// <summary>
    /// Answers may be others from now on: what is watched is reviewed at once. A policy that cannot tell is reviewed
    /// once a period all the same.
    /// </summary>
    event Action? Changed;

    /// <summary>The subjects out of <paramref name="subjects"/> that the watcher may see.</summary>
    ValueTask<IReadOnlySet<SubjectId>> FilterAsync(
        Watcher watcher,
        IReadOnlyCollection<SubjectId> subjects,
        CancellationToken cancellationToken
    );
}
