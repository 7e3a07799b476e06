using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

/// <summary>Makes the mirror follow the subjects that this node watches.</summary>
internal sealed class MirrorInterest(PresenceMirror mirror) : IInterestObserver
{
    public void Added(IReadOnlyList<SubjectId> subjects) => mirror.Track(subjects);

    public void Announced(IReadOnlyList<SubjectId> subjects)
    {
        // The mirror follows a subject from the start of the first call, so that the call misses no change.
    }

    public void Removed(IReadOnlyList<SubjectId> subjects) => mirror.Untrack(subjects);
}
