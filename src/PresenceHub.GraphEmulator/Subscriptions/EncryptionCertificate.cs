using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PresenceHub.GraphEmulator.Subscriptions;

/// <summary>The public certificate of the subscriber, for which resource data is encrypted.</summary>
internal sealed record EncryptionCertificate(string Id, string Base64, string Thumbprint, RSAParameters PublicKey)
{
    public const int LongestId = 128;
    private const int SmallestKey = 2048;
    private const int LargestKey = 4096;

    /// <summary>Reads the certificate in a request; null and a reason when Graph would refuse it.</summary>
    public static EncryptionCertificate? TryRead(string? base64, string? id, out string reason)
    {
        if (string.IsNullOrEmpty(base64) || string.IsNullOrEmpty(id))
        {
            reason = "encryptionCertificate and encryptionCertificateId are required when includeResourceData is set.";
            return null;
        }

        if (id.Length > LongestId)
        {
            reason = $"encryptionCertificateId can be at most {LongestId} characters long.";
            return null;
        }

        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
            using var key = certificate.GetRSAPublicKey();
            if (key is null || key.KeySize is < SmallestKey or > LargestKey)
            {
                reason = $"Certificate validation error: the key must be RSA of {SmallestKey} to {LargestKey} bits.";
                return null;
            }

            reason = "";
            return new EncryptionCertificate(id, base64, certificate.Thumbprint, key.ExportParameters(false));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException)
        {
            reason = "Certificate validation error: Cannot find the requested object.";
            return null;
        }
    }
}
