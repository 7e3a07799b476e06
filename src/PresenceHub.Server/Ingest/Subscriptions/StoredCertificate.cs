namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The form of an <see cref="EncryptionCertificate"/> in Redis.</summary>
/// <param name="SealedKey">The private key, encrypted by ASP.NET Data Protection.</param>
internal sealed record StoredCertificate(DateTimeOffset MadeAt, string PublicBase64, byte[] SealedKey);
