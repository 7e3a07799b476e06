using MessagePack;

namespace PresenceHub.Contracts;

/// <summary>An id that is not watched.</summary>
/// <param name="Id">The id as it was sent.</param>
/// <param name="Reason">One of <see cref="RejectionReason"/>.</param>
[MessagePackObject]
public sealed record RejectedSubject([property: Key("id")] string Id, [property: Key("reason")] string Reason);
