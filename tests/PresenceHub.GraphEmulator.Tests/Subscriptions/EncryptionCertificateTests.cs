using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Tests.Subscriptions;

public sealed class EncryptionCertificateTests
{
    [Fact]
    public void TryRead_Rsa2048_IsAccepted()
    {
        using var key = RSA.Create(2048);
        using var certificate = Make(
            new CertificateRequest("CN=a", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );

        var read = EncryptionCertificate.TryRead(Convert.ToBase64String(certificate.RawData), "id", out _);

        Assert.Equal(certificate.Thumbprint, read!.Thumbprint);
    }

    [Fact]
    public void TryRead_SmallOrEllipticKey_IsRefused()
    {
        using var small = RSA.Create(1024);
        using var elliptic = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var first = Make(
            new CertificateRequest("CN=a", small, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
        using var second = Make(new CertificateRequest("CN=a", elliptic, HashAlgorithmName.SHA256));

        Assert.Null(EncryptionCertificate.TryRead(Convert.ToBase64String(first.RawData), "id", out var tooSmall));
        Assert.Null(EncryptionCertificate.TryRead(Convert.ToBase64String(second.RawData), "id", out _));
        Assert.StartsWith("Certificate validation error", tooSmall, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "id", "required")]
    [InlineData("AAAA", null, "required")]
    [InlineData("not base64", "id", "Cannot find the requested object")]
    [InlineData("AAAA", "id", "Cannot find the requested object")]
    public void TryRead_MissingOrBroken_SaysWhy(string? base64, string? id, string reason)
    {
        Assert.Null(EncryptionCertificate.TryRead(base64, id, out var said));
        Assert.Contains(reason, said, StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_LongId_IsRefused()
    {
        Assert.Null(EncryptionCertificate.TryRead("AAAA", new string('x', 129), out _));
    }

    private static X509Certificate2 Make(CertificateRequest request) =>
        request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
}
