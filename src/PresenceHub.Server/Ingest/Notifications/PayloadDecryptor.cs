using System.Security.Cryptography;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Decrypts the content of a notification. The signature proves its integrity but not its origin: anyone with the
/// public certificate can create one. All failures look the same, so that there is no padding oracle.
/// </summary>
internal static class PayloadDecryptor
{
    private const int KeyBytes = 32;
    private const int IvBytes = 16;

    /// <summary>Returns the content, or null when it is invalid in any way.</summary>
    public static byte[]? TryDecrypt(EncryptedContent content, EncryptionCertificate certificate)
    {
        byte[]? key = null;
        try
        {
            key = certificate.Decrypt(Convert.FromBase64String(content.DataKey ?? string.Empty));
            var data = Convert.FromBase64String(content.Data ?? string.Empty);
            var signature = Convert.FromBase64String(content.DataSignature ?? string.Empty);
            if (
                key.Length is not KeyBytes
                || !CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, data), signature)
            )
            {
                return null;
            }

            using var aes = Aes.Create();
            aes.Key = key;
            return aes.DecryptCbc(data, key.AsSpan(0, IvBytes), PaddingMode.PKCS7);
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }
}
