using System.Collections.Frozen;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.GraphEmulator.Requests;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>Reads the tokens of the emulator: bearer tokens for Graph, and refresh tokens.</summary>
internal sealed class BearerTokens(SigningKeys keys, TokenIssuer issuer, Revocations revocations, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    private readonly JsonWebTokenHandler _handler = new();

    public async Task<GraphCaller?> TryReadAsync(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (
            !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || await TryValidateAsync(header[Scheme.Length..].Trim(), TokenScope.GraphAudience) is not { } token
        )
        {
            return null;
        }

        var isApplication = token.TryGetPayloadValue<string>("idtyp", out _);
        var permissions = isApplication
            ? token.Claims.Where(claim => claim.Type == "roles").Select(claim => claim.Value)
            : token.GetPayloadValue<string>("scp").Split(' ');
        return new GraphCaller(
            Guid.Parse(token.GetPayloadValue<string>("appid")),
            isApplication ? null : Guid.Parse(token.GetPayloadValue<string>("oid")),
            permissions.ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            token.ValidTo
        );
    }

    public async Task<JsonWebToken?> TryValidateAsync(string text, string audience)
    {
        var result = await _handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ValidAudience = audience,
                ValidIssuer = issuer.Issuer,
                IssuerSigningKey = keys.Key,
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                LifetimeValidator = (from, to, _, _) =>
                    time.GetUtcNow().UtcDateTime is var now && from <= now && now < to,
            }
        );

        // An invalid token is an expected outcome here.
        return
            result.IsValid
            && result.SecurityToken is JsonWebToken token
            && token.GetPayloadValue<int>(TokenIssuer.GenerationClaim)
                >= revocations.GenerationOf(Guid.Parse(token.GetPayloadValue<string>("oid")))
            ? token
            : null;
    }
}
