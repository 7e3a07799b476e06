using System.Collections.Concurrent;
using System.Security.Cryptography;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// Opens the encrypted content of a notification. The signature proves that it is whole, not where it comes from: whoever has the
/// public certificate can make one. Every way to fail looks the same, so that there is no oracle.
/// </summary>
internal sealed class PayloadDecryptor(EncryptionCertificate certificate) : IDisposable
{
    private const int KeyBytes = 32;
    private const int IvBytes = 16;

    /// <summary>Opening a key has it checked, which takes longer than using it. One for each worker that decrypts at the same time.</summary>
    private readonly ConcurrentBag<RSA> _keys = [];

    /// <summary>Whether the content was encrypted for the key that this process holds.</summary>
    public bool HoldsKeyOf(EncryptedContent content) => content.EncryptionCertificateId == certificate.Id;

    /// <summary>The content, or null when anything about it is wrong.</summary>
    public byte[]? TryDecrypt(EncryptedContent content)
    {
        byte[]? key = null;
        try
        {
            key = DecryptKey(Convert.FromBase64String(content.DataKey ?? string.Empty));
            var data = Convert.FromBase64String(content.Data ?? string.Empty);
            var signature = Convert.FromBase64String(content.DataSignature ?? string.Empty);
            if (key.Length is not KeyBytes || !CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, data), signature))
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

    public void Dispose()
    {
        while (_keys.TryTake(out var rsa))
        {
            rsa.Dispose();
        }
    }

    private byte[] DecryptKey(byte[] encrypted)
    {
        var rsa = _keys.TryTake(out var free) ? free : certificate.OpenKey();
        try
        {
            return rsa.Decrypt(encrypted, RSAEncryptionPadding.OaepSHA1);
        }
        finally
        {
            _keys.Add(rsa);
        }
    }
}
