using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Loads the certificate by which the application proves who it is.</summary>
internal static class ApplicationCertificate
{
    public static X509Certificate2 Load(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12"
            ? X509CertificateLoader.LoadPkcs12FromFile(path, null)
            : X509Certificate2.CreateFromPemFile(path);
}
