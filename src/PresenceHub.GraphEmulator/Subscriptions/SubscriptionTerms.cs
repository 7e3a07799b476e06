namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>The properties of a subscription that a renewal can change. Replaced as a whole.</summary>
internal sealed record SubscriptionTerms(
    DateTimeOffset ExpiresAt,
    DateTimeOffset AuthorizedUntil,
    string NotificationUrl,
    EncryptionCertificate? Certificate
)
{
    public DateTimeOffset? RenewedAt { get; init; }

    public DateTimeOffset? ReauthorizedAt { get; init; }

    public DateTimeOffset? RemindedAt { get; init; }

    /// <summary>Deliveries wait until the next renewal.</summary>
    public bool Paused { get; init; }
}
