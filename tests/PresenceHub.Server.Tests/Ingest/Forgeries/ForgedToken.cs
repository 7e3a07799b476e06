using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.Server.Tests.Ingest.Forgeries;

/// <summary>A validation token put together by hand: begins as the genuine one, and any part of it can be changed, also
/// into what no library would sign.</summary>
internal sealed class ForgedToken
{
    public static readonly RSA ForgersKey = RSA.Create(2048);

    private readonly RSA _genuineKey;

    public ForgedToken(
        RSA genuineKey,
        string keyId,
        string issuer,
        string audience,
        string tenantId,
        DateTimeOffset now
    )
    {
        _genuineKey = genuineKey;
        Header = new()
        {
            ["alg"] = "RS256",
            ["typ"] = "JWT",
            ["kid"] = keyId,
        };
        Claims = new()
        {
            ["iss"] = issuer,
            ["aud"] = audience,
            ["tid"] = tenantId,
            ["azp"] = Server.Ingest.Notifications.ValidationTokens.Publisher,
            ["ver"] = "2.0",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(24).ToUnixTimeSeconds(),

            // Tokens that were accepted are remembered: each test has one of its own.
            ["uti"] = Guid.NewGuid().ToString("N"),
        };
        Sign = data => _genuineKey.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    public JsonObject Header { get; }

    public JsonObject Claims { get; }

    public Func<byte[], byte[]> Sign { get; set; }

    public ForgedToken Head(string name, JsonNode? value) => Set(Header, name, value);

    public ForgedToken Claim(string name, JsonNode? value) => Set(Claims, name, value);

    public ForgedToken Without(string name)
    {
        Header.Remove(name);
        Claims.Remove(name);
        return this;
    }

    public ForgedToken SignedByForger()
    {
        Sign = data => ForgersKey.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return this;
    }

    public ForgedToken SignedAs(string algorithm, HashAlgorithmName hash, RSASignaturePadding padding)
    {
        Sign = data => _genuineKey.SignData(data, hash, padding);
        return Head("alg", algorithm);
    }

    /// <summary>The public key used as a shared secret: what a verifier that takes any algorithm accepts.</summary>
    public ForgedToken SignedWithPublicKey(Func<RSA, byte[]> secret)
    {
        Sign = data => HMACSHA256.HashData(secret(_genuineKey), data);
        return Head("alg", "HS256");
    }

    public static JsonObject ForgersPublicKey()
    {
        var parameters = ForgersKey.ExportParameters(false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
            ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
        };
    }

    public override string ToString()
    {
        var signed =
            $"{Base64UrlEncoder.Encode(Header.ToJsonString())}.{Base64UrlEncoder.Encode(Claims.ToJsonString())}";
        return $"{signed}.{Base64UrlEncoder.Encode(Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    private ForgedToken Set(JsonObject part, string name, JsonNode? value)
    {
        part[name] = value;
        return this;
    }
}
