using System.Collections.Frozen;
using System.Text.Json.Serialization;
using PresenceHub.Contracts;

namespace PresenceHub.Server.Ingest.Coverage;

/// <summary>What is needed to verify the notifications of a subscription, on any node.</summary>
/// <param name="NotificationUrl">Where Graph posts, with the name of its secret segment in place of it.</param>
/// <param name="CertificateId">The certificate its notifications are encrypted for; null when they carry no
/// data.</param>
internal sealed record SubscriptionRecord(
    Guid Id,
    byte[] ClientStateHash,
    DateTimeOffset ExpiresAt,
    string? CertificateId,
    string NotificationUrl,
    IReadOnlyList<Guid> Subjects
)
{
    /// <summary>Subjects of a subscription at most, by Graph's documentation.</summary>
    public const int MaxSubjects = 650;

    private FrozenSet<SubjectId>? _covered;

    [JsonIgnore]
    public FrozenSet<SubjectId> Covered =>
        _covered ??= Subjects.Select(subject => new SubjectId(subject)).ToFrozenSet();
}
