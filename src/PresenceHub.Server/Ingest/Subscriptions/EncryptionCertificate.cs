using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>A certificate that Graph encrypts notifications for, with its private key.</summary>
internal sealed class EncryptionCertificate
{
    /// <summary>
    /// The shortest key that Graph accepts. A key is used for one day, and most of the cost of a notification is the
    /// decryption of its key: 3,072 bits take six times as long.
    /// </summary>
    private const int KeyBits = 2048;

    private static readonly TimeSpan Validity = TimeSpan.FromDays(30);

    private readonly RSAParameters _privateKey;

    /// <summary>
    /// Importing a key validates it, which takes longer than using it. There is one object for each thread that
    /// decrypts at the same time.
    /// </summary>
    private readonly ConcurrentBag<RSA> _opened = [];

    private EncryptionCertificate(string id, DateTimeOffset madeAt, string publicBase64, RSA key) =>
        (Id, MadeAt, PublicBase64, _privateKey) = (
            id,
            madeAt,
            publicBase64,
            key.ExportParameters(includePrivateParameters: true)
        );

    public string Id { get; }

    public DateTimeOffset MadeAt { get; }

    /// <summary>The certificate without its private key, in the form that Graph requires.</summary>
    public string PublicBase64 { get; }

    public static EncryptionCertificate Create(DateTimeOffset now)
    {
        var id = Guid.NewGuid().ToString("N");
        using var key = RSA.Create(KeyBits);
        var request = new CertificateRequest(
            $"CN=PresenceHub {id}",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + Validity);
        return new EncryptionCertificate(id, now, Convert.ToBase64String(certificate.RawData), key);
    }

    /// <exception cref="CryptographicException">The data is not a private key.</exception>
    public static EncryptionCertificate Import(string id, DateTimeOffset madeAt, string publicBase64, byte[] privateKey)
    {
        using var key = RSA.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return new EncryptionCertificate(id, madeAt, publicBase64, key);
    }

    public byte[] ExportPrivateKey()
    {
        using var key = RSA.Create(_privateKey);
        return key.ExportPkcs8PrivateKey();
    }

    /// <exception cref="CryptographicException">The data was not encrypted for this certificate.</exception>
    public byte[] Decrypt(byte[] encrypted)
    {
        var key = _opened.TryTake(out var free) ? free : RSA.Create(_privateKey);
        try
        {
            return key.Decrypt(encrypted, RSAEncryptionPadding.OaepSHA1);
        }
        finally
        {
            _opened.Add(key);
        }
    }
}
