using PresenceHub.Contracts;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Hubs;

/// <summary>The answer of a call that the policy has checked.</summary>
/// <param name="Entries">Entries of accepted subjects.</param>
/// <param name="Accepted">The subjects that the watcher may see.</param>
/// <param name="Rejected">The other ids as sent, each with its reason.</param>
internal sealed record CallAnswer(
    IReadOnlyList<StoredEntry> Entries,
    IReadOnlyList<SubjectId> Accepted,
    IReadOnlyList<RejectedSubject> Rejected
);
