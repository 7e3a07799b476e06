using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Protection;

/// <summary>
/// The configured certificates. They are loaded at start, because ASP.NET Data Protection needs them at registration.
/// </summary>
internal sealed class KeyCertificates
{
    private const string Section = KeyProtectionOptions.SectionName;

    private readonly List<X509Certificate2> _others = [];
    private readonly List<string> _failures = [];

    private KeyCertificates() { }

    /// <summary>Encrypts new keys; null when keys are not encrypted.</summary>
    public X509Certificate2? Current { get; private set; }

    public IReadOnlyList<X509Certificate2> Others => _others;

    /// <summary>The errors in the settings, each with the name of the setting.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public static KeyCertificates Load(KeyProtectionOptions options)
    {
        var certificates = new KeyCertificates();
        if (!string.IsNullOrEmpty(options.CertificatePath))
        {
            certificates.Current = certificates.TryLoad(
                $"{Section}:CertificatePath",
                options.CertificatePath,
                $"{Section}:CertificatePassword",
                options.CertificatePassword
            );
        }
        else if (!string.IsNullOrEmpty(options.CertificatePassword))
        {
            certificates._failures.Add($"{Section}:CertificatePassword is set without {Section}:CertificatePath");
        }

        for (var i = 0; i < options.OtherCertificates.Count; i++)
        {
            var setting = $"{Section}:OtherCertificates:{i}";
            var (path, password) = ($"{setting}:Path", $"{setting}:Password");
            var other = options.OtherCertificates[i];
            if (string.IsNullOrEmpty(other.Path))
            {
                certificates._failures.Add($"{path} is missing");
            }
            else if (certificates.TryLoad(path, other.Path, password, other.Password) is { } loaded)
            {
                certificates._others.Add(loaded);
            }
        }

        return certificates;
    }

    private X509Certificate2? TryLoad(string setting, string path, string passwordSetting, string? password)
    {
        if (!File.Exists(path))
        {
            _failures.Add($"{setting} names a file that does not exist");
            return null;
        }

        try
        {
            var certificate = ApplicationCertificate.Load(path, password);
            using var key = certificate.GetRSAPrivateKey();
            if (key is not null)
            {
                return certificate;
            }

            certificate.Dispose();
            _failures.Add($"{setting} needs an RSA certificate with its private key");
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            _failures.Add(
                $"{setting} is no PFX or PEM file with a certificate and its key, or {passwordSetting} is wrong"
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failures.Add($"{setting} names a file that cannot be read");
        }

        return null;
    }
}
