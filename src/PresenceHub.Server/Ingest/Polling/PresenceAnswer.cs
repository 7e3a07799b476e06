using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>What a read of some subjects has brought.</summary>
/// <param name="Observations">At most one of each subject. A subject without one could not be read this time.</param>
/// <param name="Unreadable">Subjects that an item without a readable id may belong to.</param>
/// <param name="IsReadTwice">Whether missing subjects were requested a second time.</param>
internal sealed record PresenceAnswer(
    IReadOnlyList<Observation> Observations,
    IReadOnlyList<SubjectId> Unreadable,
    bool IsReadTwice = false
)
{
    /// <summary>
    /// Subjects that Graph knew before and left out twice, if they are most of the known ones, or part of such a page.
    /// </summary>
    public IReadOnlyList<SubjectId> Omitted { get; init; } = [];

    /// <summary>Those whose presence Graph has answered with.</summary>
    public IEnumerable<SubjectId> Known =>
        Observations.Where(observation => observation.IsKnown).Select(observation => observation.Subject);
}
