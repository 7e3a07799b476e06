using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.GraphEmulator.Hosting;
using PresenceHub.GraphEmulator.People;

namespace PresenceHub.GraphEmulator.Tokens;

/// <summary>Creates tokens with the claims that Entra issues.</summary>
internal sealed class TokenIssuer(
    SigningKeys keys,
    EmulatorAddress address,
    GraphEmulatorOptions options,
    Revocations revocations,
    TimeProvider time
)
{
    public const string GenerationClaim = "emu_gen";
    public const string RefreshAudience = "urn:presencehub:refresh";
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(90);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Issuer => $"{address.Origin}/{options.TenantId}/v2.0";

    public string AudienceOf(TokenResource resource) =>
        resource == TokenResource.Graph ? TokenScope.GraphAudience : options.HubAudience;

    public (string Token, TimeSpan Life) ForApplication(TokenResource resource, string clientId)
    {
        var applicationId = Guid.Parse(clientId);
        var claims = AccessClaims(resource, clientId, applicationId, Guid.Parse(clientId));
        claims["idtyp"] = "app";
        var roles = resource == TokenResource.Graph ? options.ApplicationPermissions : options.HubApplicationRoles;
        if (roles.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } granted)
        {
            claims["roles"] = granted;
        }

        return Access(claims, TimeSpan.Zero);
    }

    public (string Token, TimeSpan Life) ForUser(TokenResource resource, string clientId, Person user, string scopes)
    {
        var claims = AccessClaims(resource, clientId, user.Id, user.Id);
        claims["scp"] = scopes;
        if (resource == TokenResource.Hub)
        {
            // The optional claim of the hub's registration that distinguishes members from guests.
            claims["acct"] = 0;
        }

        AddProfile(claims, user);
        return Access(claims, resource == TokenResource.Graph ? TimeSpan.Zero : options.HubTokenLifetime);
    }

    public string IdToken(string clientId, Person user, string? nonce)
    {
        var claims = Identity(clientId, clientId, user.Id);
        AddProfile(claims, user);
        if (nonce is not null)
        {
            claims["nonce"] = nonce;
        }

        return Sign(claims, TimeSpan.FromHours(1), keys.Credentials);
    }

    public string RefreshToken(SignIn signIn)
    {
        return Sign(
            new Dictionary<string, object>
            {
                ["aud"] = RefreshAudience,
                ["iss"] = Issuer,
                ["client"] = signIn.ClientId,
                ["oid"] = signIn.UserId.ToString(),
                ["scope"] = signIn.Scope,
                ["jti"] = Guid.NewGuid().ToString(),
                [GenerationClaim] = revocations.GenerationOf(signIn.UserId),
            },
            RefreshLife,
            keys.Credentials
        );
    }

    public string Sign(Dictionary<string, object> claims, TimeSpan life, SigningCredentials credentials)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return _handler.CreateToken(
            new SecurityTokenDescriptor
            {
                Claims = claims,
                IssuedAt = now,
                NotBefore = now.AddMinutes(-5),
                Expires = now + life,
                SigningCredentials = credentials,
                TokenType = "JWT",
            }
        );
    }

    private (string Token, TimeSpan Life) Access(Dictionary<string, object> claims, TimeSpan configured)
    {
        // Entra chooses each lifetime at random between 60 and 90 minutes, so that renewals do not coincide.
        var life =
            configured > TimeSpan.Zero
                ? configured
                : TimeSpan.FromSeconds(RandomNumberGenerator.GetInt32(3_600, 5_400));
        return (Sign(claims, life, keys.Credentials), life);
    }

    private Dictionary<string, object> AccessClaims(
        TokenResource resource,
        string clientId,
        Guid objectId,
        Guid revocable
    )
    {
        var claims = Identity(AudienceOf(resource), clientId, objectId);
        claims["appid"] = clientId;
        claims["azp"] = clientId;
        claims["uti"] = Guid.NewGuid().ToString("N");
        claims[GenerationClaim] = revocations.GenerationOf(revocable);
        return claims;
    }

    private Dictionary<string, object> Identity(string audience, string clientId, Guid objectId) =>
        new()
        {
            ["aud"] = audience,
            ["iss"] = Issuer,
            ["tid"] = options.TenantId,
            ["oid"] = objectId.ToString(),
            ["sub"] = Pairwise(objectId, clientId),
            ["ver"] = "2.0",
        };

    private static void AddProfile(Dictionary<string, object> claims, Person user)
    {
        claims["name"] = user.DisplayName;
        claims["preferred_username"] = user.UserPrincipalName;
    }

    // Entra's sub differs per application. An application that takes it as the object id must fail here too.
    private static string Pairwise(Guid objectId, string clientId) =>
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes($"{objectId}|{clientId}")));
}
