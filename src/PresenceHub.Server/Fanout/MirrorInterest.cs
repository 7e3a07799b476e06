using PresenceHub.Contracts;
using PresenceHub.Server.Store;
using PresenceHub.Server.WatchLists;

namespace PresenceHub.Server.Fanout;

/// <summary>Has the mirror follow what is watched on this node.</summary>
internal sealed class MirrorInterest(PresenceMirror mirror) : IInterestObserver
{
    public void Added(IReadOnlyList<SubjectId> subjects) => mirror.Track(subjects);

    public void Removed(IReadOnlyList<SubjectId> subjects) => mirror.Untrack(subjects);
}
