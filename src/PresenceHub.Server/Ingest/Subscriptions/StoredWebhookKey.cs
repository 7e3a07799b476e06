namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The form of a <see cref="WebhookKey"/> in Redis.</summary>
/// <param name="SealedSecret">The secret, encrypted by ASP.NET Data Protection.</param>
/// <param name="HasFormerSubscriptions">Also false when an earlier version stored the key.</param>
internal sealed record StoredWebhookKey(
    DateTimeOffset MadeAt,
    byte[] SealedSecret,
    bool HasFormerSubscriptions = false
);
