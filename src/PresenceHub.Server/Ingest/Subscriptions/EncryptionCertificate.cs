using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The certificate that Graph encrypts notifications for. It is made at each start and its key never leaves the process: subscriptions
/// live for an hour, and a node without the key reads the subject instead.
/// </summary>
internal sealed class EncryptionCertificate
{
    private const int KeyBits = 3072;
    private static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    private readonly Lazy<(RSAParameters PrivateKey, string PublicBase64)> _material;

    public EncryptionCertificate(TimeProvider time) => _material = new(() => Create(time));

    public string Id { get; } = Guid.NewGuid().ToString("N");

    public string PublicBase64 => _material.Value.PublicBase64;

    /// <summary>Makes the key before it is needed: that takes up to a second.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => Task.Run(() => _material.Value, cancellationToken);

    /// <summary>An own instance for the caller: RSA objects are not safe to share between threads.</summary>
    public RSA OpenKey() => RSA.Create(_material.Value.PrivateKey);

    private (RSAParameters PrivateKey, string PublicBase64) Create(TimeProvider time)
    {
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest($"CN=PresenceHub {Id}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(time.GetUtcNow().AddDays(-1), time.GetUtcNow() + Validity);
        return (key.ExportParameters(includePrivateParameters: true), Convert.ToBase64String(certificate.RawData));
    }
}
