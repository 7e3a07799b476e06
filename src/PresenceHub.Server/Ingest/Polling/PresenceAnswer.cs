using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Ingest.Polling;

/// <summary>What a read of some subjects has brought.</summary>
/// <param name="Observations">At most one of each subject. A subject without one could not be read this time.</param>
/// <param name="Unreadable">Those of whom Graph said something that names nobody.</param>
/// <param name="IsReadTwice">Whether missing subjects were asked for once more.</param>
internal sealed record PresenceAnswer(
    IReadOnlyList<Observation> Observations, IReadOnlyList<SubjectId> Unreadable, bool IsReadTwice = false);
