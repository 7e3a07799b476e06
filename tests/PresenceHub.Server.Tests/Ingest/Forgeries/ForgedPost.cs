using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>A POST of one rich notification: begins as the genuine one that Graph would send, and any part of it can be
/// changed.</summary>
internal sealed class ForgedPost(ForgeriesFixture graph, string subject)
{
    public const string Activity = "ForgedByTest";

    public ForgedToken Token { get; } = graph.CreateToken();

    /// <summary>What is encrypted. Its number is later than any the emulator has given.</summary>
    public JsonObject Payload { get; } =
        new()
        {
            ["id"] = subject,
            ["availability"] = "Busy",
            ["activity"] = Activity,
            ["sequenceNumber"] = "A9999999999",
        };

    public byte[] Key { get; set; } = RandomNumberGenerator.GetBytes(32);

    public RSAEncryptionPadding KeyPadding { get; set; } = RSAEncryptionPadding.OaepSHA1;

    public Func<byte[], byte[]> OnPayload { get; set; } = payload => payload;

    public Action<JsonObject> OnContent { get; set; } = _ => { };

    public Action<JsonObject> OnItem { get; set; } = _ => { };

    public Action<JsonObject> OnBody { get; set; } = _ => { };

    public Func<string, string> OnText { get; set; } = text => text;

    /// <summary>The tokens in place of the one.</summary>
    public Func<JsonNode?>? Tokens { get; set; }

    /// <summary>Another subject that the subscription covers, and one that it does not.</summary>
    public string Another => graph.People[1].ToString();

    public string Outsider => graph.People[5].ToString();

    public string AccessToken(bool forGraph) => graph.CreateAccessToken(forGraph);

    public string Build()
    {
        var item = new JsonObject
        {
            ["subscriptionId"] = graph.SubscriptionId.ToString(),
            ["clientState"] = graph.ClientState,
            ["subscriptionExpirationDateTime"] = "2030-01-01T00:00:00.0000000",
            ["tenantId"] = graph.TenantId,
            ["changeType"] = "updated",
            ["resource"] = $"communications/presences?$filter=id+in+(%27{subject}%27)",
            ["resourceData"] = new JsonObject
            {
                ["@odata.type"] = "#Microsoft.Graph.presence",
                ["@odata.id"] = $"users/{subject}/presence",
                ["id"] = subject,
            },
            ["encryptedContent"] = Encrypt(),
        };
        OnItem(item);
        var body = new JsonObject
        {
            ["value"] = new JsonArray(item),
            ["validationTokens"] = Tokens is null ? new JsonArray(Token.ToString()) : Tokens(),
        };
        OnBody(body);
        return OnText(body.ToJsonString());
    }

    private JsonObject Encrypt()
    {
        using var aes = Aes.Create();
        aes.Key = Key;
        var data = aes.EncryptCbc(OnPayload(Encoding.UTF8.GetBytes(Payload.ToJsonString())), Key.AsSpan(0, 16));
        using var rsa = RSA.Create(graph.CertificateKey);
        var content = new JsonObject
        {
            ["data"] = Convert.ToBase64String(data),
            ["dataSignature"] = Convert.ToBase64String(HMACSHA256.HashData(Key, data)),
            ["dataKey"] = Convert.ToBase64String(rsa.Encrypt(Key, KeyPadding)),
            ["encryptionCertificateId"] = graph.CertificateId,
        };
        OnContent(content);
        return content;
    }
}
