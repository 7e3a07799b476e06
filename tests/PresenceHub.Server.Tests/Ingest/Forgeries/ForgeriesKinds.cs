using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>
/// Every way we know to forge a notification. Each changes one thing of a genuine POST, so that nothing but the check
/// meant for it can refuse it.
/// </summary>
internal static class ForgeriesKinds
{
    private const string OtherTenant = "11111111-1111-4111-8111-111111111111";
    private const string OtherApplication = "22222222-2222-4222-8222-222222222222";

    /// <summary>Of a sender that holds no key of Graph's.</summary>
    public static readonly Dictionary<string, Action<ForgedPost>> Tokens = new()
    {
        ["alg none without a signature"] = post => post.Token.Head("alg", "none").Sign = _ => [],
        ["alg nOnE"] = post => post.Token.Head("alg", "nOnE").Sign = _ => [],
        ["alg none with the genuine signature"] = post => post.Token.Head("alg", "none"),
        ["alg missing"] = post => post.Token.Without("alg"),
        ["HS256 with the public key as PEM"] = post =>
            post.Token.SignedWithPublicKey(key => Encoding.ASCII.GetBytes(key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the public key as DER"] = post =>
            post.Token.SignedWithPublicKey(key => key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the modulus"] = post =>
            post.Token.SignedWithPublicKey(key => key.ExportParameters(false).Modulus!),
        ["HS256 with no secret"] = post => post.Token.SignedWithPublicKey(_ => []),
        ["RS512"] = post => post.Token.SignedAs("RS512", HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
        ["PS256"] = post => post.Token.SignedAs("PS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        ["RS256 signed as PS256"] = post =>
            post.Token.SignedAs("RS256", HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        ["another key under the genuine name"] = post => post.Token.SignedByForger(),
        ["another key under its own name"] = post => post.Token.SignedByForger().Head("kid", "forger"),
        ["another key without a name"] = post => post.Token.SignedByForger().Without("kid"),
        ["kid is a path"] = post => post.Token.SignedByForger().Head("kid", "../../dev/null"),
        ["kid is a number"] = post => post.Token.Head("kid", 7),
        ["key in jwk"] = post =>
            post.Token.SignedByForger().Head("kid", "forger").Head("jwk", ForgedToken.ForgersPublicKey()),
        ["key in jwk under the genuine name"] = post =>
            post.Token.SignedByForger().Head("jwk", ForgedToken.ForgersPublicKey()),
        ["key at jku"] = post =>
            post.Token.SignedByForger().Head("kid", "forger").Head("jku", "http://127.0.0.1:9/keys"),
        ["key at x5u"] = post =>
            post.Token.SignedByForger().Head("kid", "forger").Head("x5u", "http://127.0.0.1:9/certificate"),
        ["key in x5c"] = post =>
            post.Token.SignedByForger()
                .Head("kid", "forger")
                .Head(
                    "x5c",
                    new JsonArray(Convert.ToBase64String(ForgedToken.ForgersKey.ExportSubjectPublicKeyInfo()))
                ),
        ["signature missing"] = post => post.Token.Sign = _ => [],
        ["signature of zeros"] = post => post.Token.Sign = _ => new byte[256],
        ["signature tampered"] = post =>
        {
            var sign = post.Token.Sign;
            post.Token.Sign = data => Flip(sign(data));
        },
        ["claims tampered after signing"] = post =>
        {
            var sign = post.Token.Sign;
            post.Token.Sign = data => sign(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(data) + "x"));
        },
        ["issuer of no tenant"] = post => post.Token.Claim("iss", "https://evil.example/v2.0"),
        ["issuer of another tenant"] = post =>
            post.Token.Claim("iss", $"https://login.microsoftonline.com/{OtherTenant}/v2.0"),
        ["issuer with the tenant in a path of another host"] = post =>
            post.Token.Claim("iss", "https://evil.example/login.microsoftonline.com/v2.0"),
        ["issuer missing"] = post => post.Token.Without("iss"),
        ["issuer as a list"] = post =>
            post.Token.Claim("iss", new JsonArray(post.Token.Claims["iss"]!.GetValue<string>())),
        ["tenant of another"] = post => post.Token.Claim("tid", OtherTenant),
        ["tenant and issuer of another"] = post =>
            post.Token.Claim("tid", OtherTenant).Claim("iss", $"https://sts.windows.net/{OtherTenant}/"),
        ["tenant missing"] = post => post.Token.Without("tid"),
        ["audience of another application"] = post => post.Token.Claim("aud", OtherApplication),
        ["audience is a list with another"] = post =>
            post.Token.Claim("aud", new JsonArray(post.Token.Claims["aud"]!.GetValue<string>(), OtherApplication)),
        ["audience is an empty list"] = post => post.Token.Claim("aud", new JsonArray()),
        ["audience missing"] = post => post.Token.Without("aud"),
        ["publisher is another application"] = post => post.Token.Claim("azp", OtherApplication),
        ["publisher is ourselves"] = post => post.Token.Claim("azp", post.Token.Claims["aud"]!.GetValue<string>()),
        ["publisher of version 1 is another"] = post => post.Token.Without("azp").Claim("appid", OtherApplication),
        ["publisher missing"] = post => post.Token.Without("azp"),
        ["publishers differ"] = post => post.Token.Claim("appid", OtherApplication),
        ["publisher is a list"] = post =>
            post.Token.Claim("azp", new JsonArray(post.Token.Claims["azp"]!.GetValue<string>(), OtherApplication)),
        ["publisher is null"] = post => post.Token.Claim("azp", null),
        ["expired"] = post =>
            post.Token.Claim("exp", TimeProvider.System.GetUtcNow().AddMinutes(-3).ToUnixTimeSeconds()),
        ["expired long ago"] = post => post.Token.Claim("exp", 1),
        ["without an end"] = post => post.Token.Without("exp"),
        ["valid from the future"] = post =>
            post.Token.Claim("nbf", TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds()),
        ["second token bad"] = post =>
            post.Tokens = () => new JsonArray(post.Token.ToString(), post.Token.SignedByForger().ToString()),
        ["first token bad"] = post =>
            post.Tokens = () =>
            {
                var genuine = post.Token.ToString();
                return new JsonArray(post.Token.SignedByForger().ToString(), genuine);
            },
        ["tokens are null"] = post => post.Tokens = () => null,
        ["tokens are empty"] = post => post.Tokens = () => new JsonArray(),
        ["tokens are missing"] = post => post.OnBody = body => body.Remove("validationTokens"),
        ["token is empty"] = post => post.Tokens = () => new JsonArray(""),
        ["token is no token"] = post => post.Tokens = () => new JsonArray("a.b.c"),
        ["token has five parts"] = post => post.Tokens = () => new JsonArray($"{post.Token}.AAAA.AAAA"),
        ["token for Graph"] = post => post.Tokens = () => new JsonArray(post.AccessToken(forGraph: true)),
        ["token for the hub"] = post => post.Tokens = () => new JsonArray(post.AccessToken(forGraph: false)),
        ["token bad and the certificate unknown"] = post =>
        {
            post.Token.SignedByForger();
            post.OnContent = content => content["encryptionCertificateId"] = "retired";
        },
    };

    /// <summary>Of a sender that has a genuine token, such as every endpoint that Graph notifies under the same
    /// application.</summary>
    public static readonly Dictionary<string, Action<ForgedPost>> Items = new()
    {
        ["client state wrong"] = post => post.OnItem = item => item["clientState"] = "forged",
        ["client state empty"] = post => post.OnItem = item => item["clientState"] = "",
        ["client state missing"] = post => post.OnItem = item => item.Remove("clientState"),
        ["client state null"] = post => post.OnItem = item => item["clientState"] = null,
        ["client state cut short"] = post =>
            post.OnItem = item => item["clientState"] = item["clientState"]!.GetValue<string>()[..^1],
        ["client state with more"] = post =>
            post.OnItem = item => item["clientState"] = item["clientState"]!.GetValue<string>() + "\0",
        ["client state in another case"] = post =>
            post.OnItem = item => item["clientState"] = SwapCase(item["clientState"]!.GetValue<string>()),
        ["tenant of another"] = post => post.OnItem = item => item["tenantId"] = OtherTenant,
        ["tenant missing"] = post => post.OnItem = item => item.Remove("tenantId"),
        ["tenant is no id"] = post => post.OnItem = item => item["tenantId"] = "common",
        ["data tampered"] = post => post.OnContent = content => Tamper(content, "data"),
        ["signature tampered"] = post => post.OnContent = content => Tamper(content, "dataSignature"),
        ["signature empty"] = post => post.OnContent = content => content["dataSignature"] = "",
        ["signature missing"] = post => post.OnContent = content => content.Remove("dataSignature"),
        ["signature without a key"] = post =>
            post.OnContent = content =>
                content["dataSignature"] = Convert.ToBase64String(
                    HMACSHA256.HashData(
                        Array.Empty<byte>(),
                        Convert.FromBase64String(content["data"]!.GetValue<string>())
                    )
                ),
        ["key tampered"] = post => post.OnContent = content => Tamper(content, "dataKey"),
        ["key of 16 bytes"] = post => post.Key = RandomNumberGenerator.GetBytes(16),
        ["key of 24 bytes"] = post => post.Key = RandomNumberGenerator.GetBytes(24),
        ["key missing"] = post => post.OnContent = content => content.Remove("dataKey"),
        ["key not encrypted"] = post =>
            post.OnContent = content => content["dataKey"] = Convert.ToBase64String(post.Key),
        ["key under the older padding"] = post => post.KeyPadding = RSAEncryptionPadding.Pkcs1,
        ["key under another hash"] = post => post.KeyPadding = RSAEncryptionPadding.OaepSHA256,
        ["data missing"] = post => post.OnContent = content => content.Remove("data"),
        ["data is no base64"] = post => post.OnContent = content => content["data"] = "%%%",
        ["data of half a block"] = post =>
            post.OnContent = content =>
            {
                var half = Convert.FromBase64String(content["data"]!.GetValue<string>())[..^8];
                (content["data"], content["dataSignature"]) = (
                    Convert.ToBase64String(half),
                    Convert.ToBase64String(HMACSHA256.HashData(post.Key, half))
                );
            },
        ["encrypted address of another subject"] = post =>
            (post.Payload["@odata.id"], post.Payload["Id"]) = ($"users/{post.Another}/presence", null),
        ["encrypted id of another person"] = post => post.Payload["id"] = Guid.NewGuid().ToString(),
        ["resource id of another who is covered"] = post =>
            post.OnItem = item => item["resourceData"]!["id"] = post.Another,
        ["id outside the subscription"] = post =>
        {
            post.Payload["id"] = post.Outsider;
            post.OnItem = item => item["resourceData"]!["id"] = post.Outsider;
        },
        ["lifecycle event without the client state"] = post =>
            post.OnItem = item => (item["lifecycleEvent"], item["clientState"]) = ("subscriptionRemoved", "forged"),
    };

    /// <summary>Authentic, but not of the documented shape: the subject is read, and nothing is stored.</summary>
    public static readonly Dictionary<string, Action<ForgedPost>> Shapes = new()
    {
        ["encrypted id missing"] = post => post.Payload.Remove("id"),
        ["encrypted data is no JSON"] = post => post.OnPayload = _ => "presence"u8.ToArray(),
        ["encrypted data is a list"] = post => post.OnPayload = payload => [(byte)'[', .. payload, (byte)']'],
        ["encrypted data is null"] = post => post.OnPayload = _ => "null"u8.ToArray(),
        ["encrypted data is deep"] = post => post.OnPayload = _ => Encoding.ASCII.GetBytes(new string('[', 100_000)),
        ["encrypted data is not UTF-8"] = post => post.OnPayload = payload => [.. payload[..^1], 0xC3, 0x28, (byte)'}'],
        ["resource data missing"] = post => post.OnItem = item => item.Remove("resourceData"),
        ["resource id missing"] = post => post.OnItem = item => item["resourceData"]!.AsObject().Remove("id"),
        ["resource data is a number"] = post => post.OnItem = item => item["resourceData"] = 1,
        ["resource id is a number"] = post => post.OnItem = item => item["resourceData"]!["id"] = 7,
        ["content is a number"] = post => post.OnItem = item => item["encryptedContent"] = 1,
        ["signature is a list"] = post => post.OnContent = content => content["dataSignature"] = new JsonArray(),
        ["certificate id is a number"] = post => post.OnContent = content => content["encryptionCertificateId"] = 7,
        ["resource id is no id"] = post => post.OnItem = item => item["resourceData"]!["id"] = "everybody",
        ["sequence number is a number"] = post => post.Payload["sequenceNumber"] = 9_999_999_999,
        ["Pascal case"] = post =>
            post.OnPayload = payload =>
                Encoding.UTF8.GetBytes(
                    Encoding
                        .UTF8.GetString(payload)
                        .Replace("\"id\"", "\"Id\"", StringComparison.Ordinal)
                        .Replace("\"sequence", "\"Sequence", StringComparison.Ordinal)
                ),
        ["only an address"] = post =>
            post.OnPayload = _ => Encoding.UTF8.GetBytes($$"""{"@odata.id":"users/{{post.Payload["id"]}}/presence"}"""),
    };

    /// <summary>Not even the shape is right: the answer says so, and depends on nothing else.</summary>
    public static readonly Dictionary<string, (Action<ForgedPost> Change, int Status)> Bodies = new()
    {
        ["member twice"] = (
            post =>
                post.OnText = text =>
                    text.Replace(
                        "\"validationTokens\":",
                        "\"validationTokens\":null,\"validationTokens\":",
                        StringComparison.Ordinal
                    ),
            400
        ),
        ["item's member twice"] = (
            post =>
                post.OnText = text =>
                    text.Replace(
                        "\"clientState\":",
                        "\"clientState\":\"forged\",\"clientState\":",
                        StringComparison.Ordinal
                    ),
            400
        ),
        ["member twice, once escaped"] = (
            post =>
                post.OnText = text =>
                    text.Replace(
                        "\"clientState\":",
                        "\"client\\u0053tate\":\"forged\",\"clientState\":",
                        StringComparison.Ordinal
                    ),
            400
        ),
        ["too deep"] = (
            post => post.OnBody = body => body["more"] = JsonNode.Parse($"{new string('[', 20)}{new string(']', 20)}"),
            400
        ),
        ["far too deep"] = (post => post.OnText = _ => $$"""{"value":{{new string('[', 100_000)}}""", 400),
        ["1001 items"] = (post => post.OnBody = body => body["value"] = Repeat(new JsonObject(), 1001), 400),
        ["17 tokens"] = (post => post.Tokens = () => Repeat(JsonValue.Create(post.Token.ToString()), 17), 400),
        ["token too long"] = (post => post.Token.Claim("more", new string('x', 9000)), 400),
        ["token is a number"] = (post => post.Tokens = () => new JsonArray(1), 400),
        ["token is half a character"] = (
            post =>
                post.OnText = text =>
                    text.Replace(
                        "\"validationTokens\":[\"",
                        "\"validationTokens\":[\"\\ud800",
                        StringComparison.Ordinal
                    ),
            400
        ),
        ["name is half a character"] = (
            post =>
                post.OnText = text => text.Replace("{\"value\"", "{\"\\ud800\":1,\"value\"", StringComparison.Ordinal),
            400
        ),
        ["item's name is half a character"] = (
            post =>
                post.OnText = text =>
                    text.Replace("\"clientState\"", "\"\\udfff\":1,\"clientState\"", StringComparison.Ordinal),
            400
        ),
        ["tokens are one text"] = (post => post.Tokens = () => post.Token.ToString(), 400),
        ["value is an object"] = (post => post.OnBody = body => body["value"] = new JsonObject(), 400),
        ["value missing"] = (post => post.OnBody = body => body.Remove("value"), 400),
        ["more behind the end"] = (post => post.OnText = text => text + "{}", 400),
        ["cut short"] = (post => post.OnText = text => text[..^1], 400),
        ["comment"] = (post => post.OnText = text => "/**/" + text, 400),
        ["not JSON"] = (post => post.OnText = _ => "<xml/>", 400),
        ["empty"] = (post => post.OnText = _ => "", 400),
        ["longer than allowed"] = (post => post.OnText = text => text.PadRight((1024 * 1024) + 1), 413),
    };

    private static byte[] Flip(byte[] bytes)
    {
        bytes[bytes.Length / 2] ^= 1;
        return bytes;
    }

    private static void Tamper(JsonObject content, string name) =>
        content[name] = Convert.ToBase64String(Flip(Convert.FromBase64String(content[name]!.GetValue<string>())));

    private static JsonArray Repeat(JsonNode node, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => node.DeepClone())];

    private static string SwapCase(string text) =>
        string.Concat(text.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c) : char.ToUpperInvariant(c)));
}
