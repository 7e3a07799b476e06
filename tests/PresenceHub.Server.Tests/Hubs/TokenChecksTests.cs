using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Hubs;
using PresenceHub.Server.Tests.Ingest;

namespace PresenceHub.Server.Tests.Hubs;

/// <summary>How much of a token is checked before it is refused.</summary>
public sealed class TokenChecksTests
{
    private const string Issuer = "https://login.test/v2.0";
    private const string Audience = "api://presence";

    private static readonly RSA Issuers = RSA.Create(2048);
    private static readonly RSA Forgers = RSA.Create(2048);

    private readonly TokenValidationParameters _checks;

    public TokenChecksTests()
    {
        var bearer = new JwtBearerOptions();
        new TokenAuthentication(
            Options.Create(new AuthenticationOptions { Authority = Issuer, Audience = Audience }),
            new Authority(TimeProvider.System, TestMetrics.NewFactory(), NullLogger<Authority>.Instance),
            new HostingEnvironment { EnvironmentName = Environments.Production },
            TimeProvider.System
        ).Configure(bearer);
        _checks = bearer.TokenValidationParameters;
        _checks.ValidIssuer = Issuer;
        _checks.IssuerSigningKeys = [new RsaSecurityKey(Issuers) { KeyId = "1" }];
    }

    [Fact]
    public async Task Validate_TokenOfTheIssuer_IsTaken() => Assert.Null(await FaultOfAsync(Token(Issuers, "1")));

    [Fact]
    public async Task Validate_ForgedTokenWithOtherClaims_IsRefusedByItsClaims()
    {
        var forOthers = Token(Forgers, "1", audience: "other");
        Assert.IsType<SecurityTokenInvalidAudienceException>(await FaultOfAsync(forOthers));
        Assert.IsType<SecurityTokenExpiredException>(await FaultOfAsync(Token(Forgers, "1", lifetime: -60)));
        Assert.IsType<SecurityTokenInvalidSignatureException>(await FaultOfAsync(Token(Forgers, "1")));
    }

    /// <summary>The key that signed it is one of the issuer's, so that trying all of them would find it.</summary>
    [Theory]
    [InlineData("3")]
    [InlineData(null)]
    public async Task Validate_TokenThatNamesNoKeyOfTheIssuer_IsRefusedWithoutTryingTheKeys(string? keyId) =>
        Assert.IsType<SecurityTokenSignatureKeyNotFoundException>(await FaultOfAsync(Token(Issuers, keyId)));

    private static string Token(RSA key, string? keyId, string audience = Audience, int lifetime = 60)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = audience,
                NotBefore = now.AddHours(-2),
                Expires = now.AddMinutes(lifetime),
                SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(key) { KeyId = keyId },
                    SecurityAlgorithms.RsaSha256
                ),
            }
        );
    }

    private async Task<Exception?> FaultOfAsync(string token) =>
        (await new JsonWebTokenHandler().ValidateTokenAsync(token, _checks)).Exception;
}
