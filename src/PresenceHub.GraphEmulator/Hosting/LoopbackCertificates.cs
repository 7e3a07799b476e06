using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.GraphEmulator.Hosting;

/// <summary>
/// A certificate authority that lives as long as the process, and the server certificate that it has issued.
/// </summary>
internal sealed class LoopbackCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private LoopbackCertificates(string rootPem, X509Certificate2 server)
    {
        RootPem = rootPem;
        Server = server;
    }

    public string RootPem { get; }

    public X509Certificate2 Server { get; }

    /// <param name="now">The time of the machine. TLS checks the validity against it, independent of the emulated
    /// clock.</param>
    public static LoopbackCertificates Create(DateTimeOffset now)
    {
        var (from, to) = (now.AddDays(-1), now.AddDays(365));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var rootRequest = new CertificateRequest(
            "CN=PresenceHub Graph emulator root",
            rootKey,
            HashAlgorithmName.SHA256
        );
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        rootRequest.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)
        );
        var rootKeyId = new X509SubjectKeyIdentifierExtension(rootRequest.PublicKey, false);
        rootRequest.CertificateExtensions.Add(rootKeyId);
        using var root = rootRequest.CreateSelfSigned(from, to);

        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", serverKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(rootKeyId)
        );
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(root, from, to, RandomNumberGenerator.GetBytes(12));
        using var withKey = signed.CopyWithPrivateKey(serverKey);

        // Windows refuses keys that exist only in memory; an export to PKCS#12 works everywhere.
        var server = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
        return new LoopbackCertificates(root.ExportCertificatePem(), server);
    }

    public void Dispose() => Server.Dispose();
}
