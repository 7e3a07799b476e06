using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Ingest.Subscriptions;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class PayloadDecryptorTests
{
    private const string Json = """{"id":"x","availability":"Busy"}""";
    private static readonly EncryptionCertificate Certificate = EncryptionCertificate.Create(
        TimeProvider.System.GetUtcNow()
    );

    [Fact]
    public void TryDecrypt_EncryptedAsGraphDoes_ReturnsTheText() =>
        Assert.Equal(Json, Encoding.UTF8.GetString(TryDecrypt(Encrypt())!));

    [Fact]
    public void TryDecrypt_DataTampered_IsNull()
    {
        var content = Encrypt();
        Assert.Null(TryDecrypt(content with { Data = Flip(content.Data!) }));
    }

    [Fact]
    public void TryDecrypt_SignatureTampered_IsNull()
    {
        var content = Encrypt();
        Assert.Null(TryDecrypt(content with { DataSignature = Flip(content.DataSignature!) }));
    }

    [Fact]
    public void TryDecrypt_SignatureOfAnotherKey_IsNull() =>
        Assert.Null(TryDecrypt(Encrypt() with { DataKey = Encrypt().DataKey }));

    [Fact]
    public void TryDecrypt_KeyTampered_IsNull()
    {
        var content = Encrypt();
        Assert.Null(TryDecrypt(content with { DataKey = Flip(content.DataKey!) }));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(24)]
    public void TryDecrypt_ShorterAesKey_IsNull(int keyBytes) => Assert.Null(TryDecrypt(Encrypt(keyBytes)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not base64!")]
    public void TryDecrypt_MissingOrInvalidParts_IsNull(string? part)
    {
        var content = Encrypt();
        Assert.Null(TryDecrypt(content with { Data = part }));
        Assert.Null(TryDecrypt(content with { DataSignature = part }));
        Assert.Null(TryDecrypt(content with { DataKey = part }));
    }

    /// <summary>Graph's recipe, written down independently of the code under test.</summary>
    internal static EncryptedContent Encrypt(
        string json = Json,
        EncryptionCertificate? certificate = null,
        int keyBytes = 32
    )
    {
        certificate ??= Certificate;
        var key = RandomNumberGenerator.GetBytes(keyBytes);
        using var aes = Aes.Create();
        aes.Key = key;
        var data = aes.EncryptCbc(Encoding.UTF8.GetBytes(json), key.AsSpan(0, 16), PaddingMode.PKCS7);
        using var publicCertificate = X509CertificateLoader.LoadCertificate(
            Convert.FromBase64String(certificate.PublicBase64)
        );
        using var rsa = publicCertificate.GetRSAPublicKey()!;
        return new EncryptedContent(
            Convert.ToBase64String(data),
            Convert.ToBase64String(HMACSHA256.HashData(key, data)),
            Convert.ToBase64String(rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA1)),
            certificate.Id
        );
    }

    private static byte[]? TryDecrypt(EncryptedContent content) => PayloadDecryptor.TryDecrypt(content, Certificate);

    private static EncryptedContent Encrypt(int keyBytes) => Encrypt(Json, Certificate, keyBytes);

    private static string Flip(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }
}
