using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>The key that signs every token, and an unpublished one to forge tokens for tests.</summary>
internal sealed class SigningKeys : IDisposable
{
    // Generated once per process: a key takes a fifth of a second of processor time, and tests start hundreds of
    // emulators.
    private static readonly Lazy<RSAParameters> Published = new(Generate);
    private static readonly Lazy<RSAParameters> Unpublished = new(Generate);

    private readonly RSA _rsa = RSA.Create(Published.Value);
    private readonly Lazy<RSA> _unknownRsa = new(() => RSA.Create(Unpublished.Value));

    public SigningKeys()
    {
        Key = new RsaSecurityKey(_rsa) { KeyId = KeyIdOf(_rsa) };
        Credentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256);
    }

    public RsaSecurityKey Key { get; }

    public SigningCredentials Credentials { get; }

    public SigningCredentials UnknownCredentials =>
        new(new RsaSecurityKey(_unknownRsa.Value) { KeyId = KeyIdOf(_unknownRsa.Value) }, SecurityAlgorithms.RsaSha256);

    public JsonObject ToKeySet()
    {
        var parameters = _rsa.ExportParameters(false);
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

    public void Dispose()
    {
        _rsa.Dispose();
        if (_unknownRsa.IsValueCreated)
        {
            _unknownRsa.Value.Dispose();
        }
    }

    private static RSAParameters Generate()
    {
        using var key = RSA.Create(2048);
        return key.ExportParameters(includePrivateParameters: true);
    }

    private static string KeyIdOf(RSA rsa) =>
        Base64UrlEncoder.Encode(SHA256.HashData(rsa.ExportSubjectPublicKeyInfo()).AsSpan(0, 20).ToArray());
}
