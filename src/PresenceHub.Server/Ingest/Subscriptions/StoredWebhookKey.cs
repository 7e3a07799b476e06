namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>A <see cref="WebhookKey"/> as it is in Redis.</summary>
/// <param name="SealedSecret">Its secret, sealed by Data Protection.</param>
/// <param name="HasFormerSubscriptions">False also where an earlier version stored the key.</param>
internal sealed record StoredWebhookKey(
    DateTimeOffset MadeAt,
    byte[] SealedSecret,
    bool HasFormerSubscriptions = false
);
