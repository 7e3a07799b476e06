using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.Testing;

/// <summary>A certificate with its private key in a file, as an operator mounts it.</summary>
internal sealed class KeyCertificateFile : IDisposable
{
    private static readonly PbeParameters Encryption = new(
        PbeEncryptionAlgorithm.Aes256Cbc,
        HashAlgorithmName.SHA256,
        iterationCount: 1000
    );

    private KeyCertificateFile(string path) => Path = path;

    public string Path { get; }

    public static KeyCertificateFile CreatePem(string? password = null)
    {
        using var key = RSA.Create(2048);
        using var certificate = Create(key);
        var encrypted = password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, Encryption);
        return Write(".pem", file => File.WriteAllText(file, $"{certificate.ExportCertificatePem()}\n{encrypted}\n"));
    }

    public static KeyCertificateFile CreatePfx(string password)
    {
        using var key = RSA.Create(2048);
        using var certificate = Create(key);
        return Write(".pfx", file => File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password)));
    }

    /// <summary>A certificate of a kind that cannot encrypt.</summary>
    public static KeyCertificateFile CreateElliptic()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest(
            "CN=PresenceHub keys",
            key,
            HashAlgorithmName.SHA256
        ).CreateSelfSigned(now, now.AddDays(1));
        var pem = $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
        return Write(".pem", file => File.WriteAllText(file, pem));
    }

    public void Dispose() => File.Delete(Path);

    private static X509Certificate2 Create(RSA key)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new CertificateRequest(
            "CN=PresenceHub keys",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static KeyCertificateFile Write(string extension, Action<string> write)
    {
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName() + extension);
        write(path);
        return new KeyCertificateFile(path);
    }
}
