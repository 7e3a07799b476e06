using PresenceHub.Contracts;

namespace PresenceHub.Client;

/// <summary>The answer to a <see cref="PresenceClient.WatchAsync"/>.</summary>
/// <param name="Entries">One per distinct accepted id, in the order of the request, as known when the call
/// completed.</param>
/// <param name="Rejected">The ids that are not watched, as given, with one of <see cref="RejectionReason"/>.</param>
public sealed record WatchAdmission(IReadOnlyList<PresenceEntry> Entries, IReadOnlyList<RejectedSubject> Rejected);
