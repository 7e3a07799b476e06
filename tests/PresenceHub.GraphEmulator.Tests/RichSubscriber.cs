using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Tests;

/// <summary>A subscriber's key pair, and decryption by the documented recipe without the SDK.</summary>
internal sealed class RichSubscriber : IDisposable
{
    private static readonly RSAParameters KeyPair = Generate();

    private readonly RSA _key = RSA.Create(KeyPair);

    public RichSubscriber() =>
        Certificate = new CertificateRequest(
            "CN=hub",
            _key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));

    public X509Certificate2 Certificate { get; }

    public JsonObject Enrich(JsonObject wanted)
    {
        wanted["includeResourceData"] = true;
        wanted["encryptionCertificate"] = Convert.ToBase64String(Certificate.RawData);
        wanted["encryptionCertificateId"] = "hub-1";
        return wanted;
    }

    public bool HasGoodSignature(JsonNode item)
    {
        var content = item["encryptedContent"]!;
        var signature = HMACSHA256.HashData(DataKey(content), Bytes(content, "data"));
        return signature.AsSpan().SequenceEqual(Bytes(content, "dataSignature"));
    }

    public JsonObject Decrypt(JsonNode item)
    {
        var content = item["encryptedContent"]!;
        using var aes = Aes.Create();
        aes.Key = DataKey(content);
        return JsonNode.Parse(aes.DecryptCbc(Bytes(content, "data"), aes.Key[..16]))!.AsObject();
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }

    private static RSAParameters Generate()
    {
        using var key = RSA.Create(2048);
        return key.ExportParameters(includePrivateParameters: true);
    }

    private byte[] DataKey(JsonNode content) => _key.Decrypt(Bytes(content, "dataKey"), RSAEncryptionPadding.OaepSHA1);

    private static byte[] Bytes(JsonNode content, string name) => Convert.FromBase64String((string)content[name]!);
}
