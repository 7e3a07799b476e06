using System.Security.Cryptography;
using System.Text.Json;
using PresenceHub.GraphEmulator.Subscriptions;

namespace PresenceHub.GraphEmulator.Notifications;

/// <summary>
/// Encrypts resource data as Graph does: a new AES key per item, encrypted for the certificate of the subscriber.
/// </summary>
internal static class EncryptedContent
{
    private const int KeySize = 32;
    private const int BlockSize = 16;

    public static void Write(
        Utf8JsonWriter json,
        ReadOnlySpan<byte> data,
        EncryptionCertificate certificate,
        NotificationFlaws flaws
    )
    {
        Span<byte> key = stackalloc byte[KeySize];
        RandomNumberGenerator.Fill(key);
        using var aes = Aes.Create();
        aes.Key = key.ToArray();
        var encrypted = aes.EncryptCbc(data, key[..BlockSize]);
        var signature = HMACSHA256.HashData(key, encrypted);
        if (flaws.HasFlag(NotificationFlaws.BadSignature))
        {
            signature[0] ^= 1;
        }

        using var rsa = RSA.Create(certificate.PublicKey);
        json.WriteStartObject("encryptedContent");
        json.WriteBase64String("data", encrypted);
        json.WriteBase64String("dataSignature", signature);

        // SHA-1 is part of Graph's format.
        json.WriteBase64String("dataKey", rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA1));
        json.WriteString(
            "encryptionCertificateId",
            flaws.HasFlag(NotificationFlaws.OldCertificateId) ? "retired-certificate" : certificate.Id
        );
        json.WriteString("encryptionCertificateThumbprint", certificate.Thumbprint);
        json.WriteEndObject();
    }
}
