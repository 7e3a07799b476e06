using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>
/// Loads a certificate with its private key, such as the one by which the application proves who it is.
/// </summary>
internal static class ApplicationCertificate
{
    /// <param name="path">A PFX file, known by its extension, or a PEM file.</param>
    /// <param name="password">The password of the PFX file, or of the private key in the PEM file.</param>
    public static X509Certificate2 Load(string path, string? password = null)
    {
        if (Path.GetExtension(path).ToUpperInvariant() is ".PFX" or ".P12")
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        }

        return string.IsNullOrEmpty(password)
            ? X509Certificate2.CreateFromPemFile(path)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password);
    }
}
