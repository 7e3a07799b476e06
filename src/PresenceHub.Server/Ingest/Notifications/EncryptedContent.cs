namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>The changed presence, encrypted for the certificate of the subscription.</summary>
internal sealed record EncryptedContent(
    string? Data,
    string? DataSignature,
    string? DataKey,
    string? EncryptionCertificateId
);
