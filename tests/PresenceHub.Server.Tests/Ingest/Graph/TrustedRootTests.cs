using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class TrustedRootTests
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private static readonly X509Certificate2 Root = CreateRoot("Root");
    private static readonly RSA ServerKey = RSA.Create(2048);

    [Fact]
    public void IsTrusted_ChainEndsAtTheConfiguredRoot_IsTrue() =>
        Assert.True(
            Trusting(Root)
                .IsTrusted(CreateServer(Root, Now.AddDays(1)), null, SslPolicyErrors.RemoteCertificateChainErrors)
        );

    [Fact]
    public void IsTrusted_ChainEndsElsewhere_IsFalse() =>
        Assert.False(
            Trusting(Root)
                .IsTrusted(
                    CreateServer(CreateRoot("Root"), Now.AddDays(1)),
                    null,
                    SslPolicyErrors.RemoteCertificateChainErrors
                )
        );

    [Fact]
    public void IsTrusted_NameDoesNotMatch_IsFalse() =>
        Assert.False(
            Trusting(Root)
                .IsTrusted(
                    CreateServer(Root, Now.AddDays(1)),
                    null,
                    SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch
                )
        );

    [Fact]
    public void IsTrusted_Expired_IsFalse() =>
        Assert.False(
            Trusting(Root)
                .IsTrusted(CreateServer(Root, Now.AddHours(-1)), null, SslPolicyErrors.RemoteCertificateChainErrors)
        );

    [Fact]
    public void IsTrusted_NoRootConfigured_IsFalse() =>
        Assert.False(
            Trusting(null)
                .IsTrusted(CreateServer(Root, Now.AddDays(1)), null, SslPolicyErrors.RemoteCertificateChainErrors)
        );

    [Fact]
    public void IsTrusted_MachineTrustsIt_IsTrue() =>
        Assert.True(Trusting(null).IsTrusted(CreateServer(Root, Now.AddDays(1)), null, SslPolicyErrors.None));

    private static TrustedRoot Trusting(X509Certificate2? root) =>
        new(Options.Create(new GraphOptions { TrustedRootPem = root?.ExportCertificatePem() }));

    private static X509Certificate2 CreateRoot(string name)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(Now.AddDays(-10), Now.AddDays(10));
    }

    private static X509Certificate2 CreateServer(X509Certificate2 issuer, DateTimeOffset notAfter)
    {
        var request = new CertificateRequest(
            "CN=localhost",
            ServerKey,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return request.Create(issuer, Now.AddDays(-5), notAfter, [1, 2, 3, 4]);
    }
}
