using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Makes validation tokens, right and wrong ones, and serves the keys to check them with.</summary>
internal sealed class TokenForge(TimeProvider time)
{
    private static readonly RSA[] Keys = [RSA.Create(2048), RSA.Create(2048), RSA.Create(2048)];

    private RsaSecurityKey _key = new(Keys[0]) { KeyId = "key-1" };

    /// <summary>How often the keys were asked for.</summary>
    public int MetadataRequests { get; private set; }

    public bool IsDown { get; set; }

    public void RotateKey() => _key = new RsaSecurityKey(Keys[1]) { KeyId = "key-2" };

    public FakeGraph CreateAuthority() =>
        new(
            (request, _) =>
            {
                var path = request.RequestUri!.AbsolutePath;
                if (IsDown)
                {
                    return FakeGraph.Error(System.Net.HttpStatusCode.ServiceUnavailable);
                }

                if (path.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal))
                {
                    MetadataRequests++;
                    return FakeGraph.Json(
                        """{"issuer":"https://localhost:5001/{tenantid}/v2.0","jwks_uri":"https://localhost:5001/common/discovery/v2.0/keys"}"""
                    );
                }

                var parameters = _key.Rsa.ExportParameters(false);
                return FakeGraph.Json(
                    $$"""
                    {"keys":[{"kty":"RSA","use":"sig","kid":"{{_key.KeyId}}","n":"{{Base64UrlEncoder.Encode(
                        parameters.Modulus
                    )}}","e":"{{Base64UrlEncoder.Encode(parameters.Exponent)}}"}]}
                    """
                );
            }
        );

    public string Create(Action<SecurityTokenDescriptor>? change = null, SigningCredentials? credentials = null)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = $"https://localhost:5001/{GraphSettings.TenantId}/v2.0",
            Audience = GraphSettings.ClientId,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddHours(24),
            Claims = new Dictionary<string, object>
            {
                ["azp"] = ValidationTokens.Publisher,
                ["tid"] = GraphSettings.TenantId,
                ["ver"] = "2.0",
            },
            SigningCredentials = credentials ?? new SigningCredentials(_key, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>The public key used as a shared secret: what a verifier that takes any algorithm would
    /// accept.</summary>
    public SigningCredentials PublicKeyAsSecret() =>
        new(
            new SymmetricSecurityKey(_key.Rsa.ExportRSAPublicKey()) { KeyId = _key.KeyId },
            SecurityAlgorithms.HmacSha256
        );

    public SigningCredentials With(string algorithm) => new(_key, algorithm);

    /// <summary>Another key under the name of the real one.</summary>
    public SigningCredentials Impostor() =>
        new(new RsaSecurityKey(Keys[2]) { KeyId = _key.KeyId }, SecurityAlgorithms.RsaSha256);

    public static SigningCredentials UnknownKey() =>
        new(new RsaSecurityKey(Keys[2]) { KeyId = "key-9" }, SecurityAlgorithms.RsaSha256);
}
