using PresenceHub.Contracts;

namespace PresenceHub.Server.WatchLists;

/// <summary>What became of the ids of a call.</summary>
/// <param name="Accepted">Distinct, in the order of the call.</param>
/// <param name="Added">Those of them that the connection did not watch before.</param>
/// <param name="Rejected">As sent, each with its reason.</param>
/// <param name="PolicyVersion">When the policy was asked, by <see cref="WatchPolicies.Version"/>.</param>
internal sealed record Admission(
    IReadOnlyList<SubjectId> Accepted, IReadOnlyList<SubjectId> Added, IReadOnlyList<RejectedSubject> Rejected, long PolicyVersion);
