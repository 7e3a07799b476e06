namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>A <see cref="WebhookKey"/> as it is in Redis.</summary>
/// <param name="SealedSecret">Its secret, sealed by Data Protection.</param>
internal sealed record StoredWebhookKey(DateTimeOffset MadeAt, byte[] SealedSecret);
