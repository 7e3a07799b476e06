using System.Security.Cryptography.X509Certificates;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.GraphEmulator.Hosting;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>Authenticates a client by its secret or by an assertion that is signed with its certificate.</summary>
internal sealed class ClientAuthentication(GraphEmulatorOptions options, EmulatorAddress address, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private readonly JsonWebTokenHandler _handler = new();

    public bool IsRegistered(string clientId) => clientId.Equals(options.ClientId, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Null when the registered client is authenticated. <paramref name="required"/>: a client without any proof is
    /// refused.
    /// </summary>
    public async Task<EntraError?> CheckAsync(IFormCollection form, bool required)
    {
        if (form["client_assertion"].ToString() is { Length: > 0 } assertion)
        {
            return form["client_assertion_type"] == AssertionType && await IsSignedAsync(assertion)
                ? null
                : EntraError.InvalidClient("Client assertion failed signature validation.", 700027);
        }

        if (form["client_secret"].ToString() is { Length: > 0 } secret)
        {
            return secret == options.ClientSecret
                ? null
                : EntraError.InvalidClient("Invalid client secret provided.", 7000215);
        }

        return required
            ? EntraError.InvalidClient(
                "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
                7000218
            )
            : null;
    }

    private async Task<bool> IsSignedAsync(string assertion)
    {
        if (options.ClientCertificatePem is not { } pem)
        {
            return false;
        }

        using var certificate = X509Certificate2.CreateFromPem(pem);
        using var key = certificate.GetRSAPublicKey();
        if (key is null)
        {
            return false;
        }

        // No cache of signature providers, because it would use the key after this method has disposed it.
        var securityKey = new RsaSecurityKey(key)
        {
            CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
        };
        var result = await _handler.ValidateTokenAsync(
            assertion,
            new TokenValidationParameters
            {
                ValidIssuer = options.ClientId,
                IssuerSigningKey = securityKey,
                TryAllIssuerSigningKeys = true,
                AudienceValidator = (audiences, _, _) =>
                    audiences.Any(audience => audience.StartsWith(address.Origin, StringComparison.OrdinalIgnoreCase)),
                LifetimeValidator = (from, to, _, _) =>
                    time.GetUtcNow().UtcDateTime is var now && from <= now && now < to,
            }
        );
        return result.IsValid;
    }
}
