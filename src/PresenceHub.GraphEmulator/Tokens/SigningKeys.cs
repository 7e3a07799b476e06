using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The key that signs every token, and an unpublished one to forge tokens for tests.</summary>
internal sealed class SigningKeys
{
    // One pair per process: a key takes a fifth of a second of processor time, and tests start hundreds of emulators.
    // The keys are never disposed, since the token library keeps signature providers by the thumbprint of their key.
    private static readonly RSA Published = RSA.Create(2048);
    private static readonly Lazy<RSA> Unpublished = new(() => RSA.Create(2048));

    public SigningKeys()
    {
        Key = new RsaSecurityKey(Published) { KeyId = KeyIdOf(Published) };
        Credentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256);
    }

    public RsaSecurityKey Key { get; }

    public SigningCredentials Credentials { get; }

    public static SigningCredentials UnknownCredentials =>
        new(new RsaSecurityKey(Unpublished.Value) { KeyId = KeyIdOf(Unpublished.Value) }, SecurityAlgorithms.RsaSha256);

    public JsonObject ToKeySet()
    {
        var parameters = Published.ExportParameters(false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject
                {
                    ["kty"] = "RSA",
                    ["use"] = "sig",
                    ["kid"] = Key.KeyId,
                    ["n"] = Base64UrlEncoder.Encode(parameters.Modulus),
                    ["e"] = Base64UrlEncoder.Encode(parameters.Exponent),
                }
            ),
        };
    }

    private static string KeyIdOf(RSA rsa) =>
        Base64UrlEncoder.Encode(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()).AsSpan(0, 20).ToArray());
}
