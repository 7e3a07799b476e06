using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>
/// Makes any number of different notifications from one that Graph has posted: the same subscription, subject and
/// validation tokens, and a changed presence that is encrypted for the hub's certificate as Graph would do it.
/// </summary>
internal sealed class NotificationTemplate : IDisposable
{
    private const string Mark = "\"#content#\"";

    private readonly string _before;
    private readonly string _after;
    private readonly string _subject;
    private readonly string _certificateId;
    private readonly RSA _key;
    private long _made;

    public NotificationTemplate(byte[] posted, Func<string, string> publicCertificate)
    {
        var body = JsonNode.Parse(posted)!;
        var item = body["value"]![0]!;
        _subject = item["resourceData"]!["id"]!.GetValue<string>();
        _certificateId = item["encryptedContent"]!["encryptionCertificateId"]!.GetValue<string>();
        using var certificate = X509CertificateLoader.LoadCertificate(
            Convert.FromBase64String(publicCertificate(_certificateId))
        );
        _key = certificate.GetRSAPublicKey()!;

        body["value"] = new JsonArray(item.DeepClone());
        body["value"]![0]!["encryptedContent"] = "#content#";
        var parts = body.ToJsonString().Split(Mark);
        (_before, _after) = (parts[0], parts[1]);
    }

    public byte[] Next()
    {
        var number = Interlocked.Increment(ref _made);
        var availability = number % 2 is 0 ? "Busy" : "Away";

        // Sorts after every number that the emulator gives out.
        var presence = new JsonObject
        {
            ["id"] = _subject,
            ["availability"] = availability,
            ["activity"] = availability,
            ["sequenceNumber"] = string.Create(CultureInfo.InvariantCulture, $"~{number:d12}"),
        };
        return Encoding.UTF8.GetBytes(_before + Encrypt(presence.ToJsonString()).ToJsonString() + _after);
    }

    public void Dispose() => _key.Dispose();

    private JsonObject Encrypt(string json)
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var aes = Aes.Create();
        aes.Key = key;
        var data = aes.EncryptCbc(Encoding.UTF8.GetBytes(json), key.AsSpan(0, 16), PaddingMode.PKCS7);
        return new JsonObject
        {
            ["data"] = Convert.ToBase64String(data),
            ["dataSignature"] = Convert.ToBase64String(HMACSHA256.HashData(key, data)),
            ["dataKey"] = Convert.ToBase64String(_key.Encrypt(key, RSAEncryptionPadding.OaepSHA1)),
            ["encryptionCertificateId"] = _certificateId,
        };
    }
}
