using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Ingest.Notifications;
using PresenceHub.Server.Tests.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

public sealed class ValidationTokensTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
    private readonly TokenForge _forge;
    private readonly SigningKeys _keys;
    private readonly ValidationTokens _tokens;

    public ValidationTokensTests()
    {
        _forge = new TokenForge(_time);
        _keys = new SigningKeys(_forge.CreateAuthority(), Options.Create(GraphSettings.Create()), _time);
        _tokens = new ValidationTokens(_keys, Options.Create(GraphSettings.Create()), _time);
    }

    [Fact]
    public async Task VerifyAsync_Version2Token_IsAuthentic() =>
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());

    [Fact]
    public async Task VerifyAsync_Version1Token_IsAuthentic() =>
        await ExpectAsync(
            TokenVerdict.Authentic,
            _forge.Create(token =>
            {
                token.Issuer = $"https://sts.windows.net/{GraphSettings.TenantId}/";
                token.Claims.Remove("azp");
                token.Claims["appid"] = ValidationTokens.Publisher;
            })
        );

    [Fact]
    public async Task VerifyAsync_NoToken_IsForged() => await ExpectAsync(TokenVerdict.Forged);

    [Fact]
    public async Task VerifyAsync_OneOfTwoForged_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(), _forge.Create(token => token.Audience = "other"));

    [Fact]
    public async Task VerifyAsync_NotSigned_IsForged()
    {
        var parts = _forge.Create().Split('.');
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT","kid":"key-1"}""");
        await ExpectAsync(TokenVerdict.Forged, $"{header}.{parts[1]}.");
    }

    [Fact]
    public async Task VerifyAsync_PublicKeyAsSharedSecret_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(credentials: _forge.PublicKeyAsSecret()));

    [Theory]
    [InlineData(SecurityAlgorithms.RsaSha512)]
    [InlineData(SecurityAlgorithms.RsaSsaPssSha256)]
    public async Task VerifyAsync_AnotherAlgorithm_IsForged(string algorithm) =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(credentials: _forge.With(algorithm)));

    [Fact]
    public async Task VerifyAsync_AnotherKeyUnderTheSameName_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(credentials: _forge.Impostor()));

    [Fact]
    public async Task VerifyAsync_UnknownKey_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(credentials: TokenForge.UnknownKey()));

    [Theory]
    [InlineData("https://sts.windows.net/11111111-1111-1111-1111-111111111111/")]
    [InlineData("https://localhost:5001/11111111-1111-1111-1111-111111111111/v2.0")]
    [InlineData("https://evil.example/7e7a0000-0000-4000-8000-00000000c0de/v2.0")]
    [InlineData("https://localhost:5001/{tenantid}/v2.0")]
    [InlineData("")]
    public async Task VerifyAsync_AnotherIssuer_IsForged(string issuer) =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(token => token.Issuer = issuer));

    [Fact]
    public async Task VerifyAsync_AnotherTenant_IsForged() =>
        await ExpectAsync(
            TokenVerdict.Forged,
            _forge.Create(token => token.Claims["tid"] = "11111111-1111-1111-1111-111111111111")
        );

    [Fact]
    public async Task VerifyAsync_AnotherAudience_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(token => token.Audience = Guid.NewGuid().ToString()));

    [Fact]
    public async Task VerifyAsync_SeveralAudiences_IsForged() =>
        await ExpectAsync(
            TokenVerdict.Forged,
            _forge.Create(token =>
            {
                token.Audience = null;
                token.Claims["aud"] = new[] { GraphSettings.ClientId, Guid.NewGuid().ToString() };
            })
        );

    [Fact]
    public async Task VerifyAsync_AnotherPublisher_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(token => token.Claims["azp"] = GraphSettings.ClientId));

    [Fact]
    public async Task VerifyAsync_TwoPublishers_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(token => token.Claims["appid"] = GraphSettings.ClientId));

    [Fact]
    public async Task VerifyAsync_NoPublisher_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(token => token.Claims.Remove("azp")));

    [Fact]
    public async Task VerifyAsync_Expired_IsForged()
    {
        var token = _forge.Create();
        await ExpectAsync(TokenVerdict.Authentic, token);
        _time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(2));

        // Also when it was seen before.
        await ExpectAsync(TokenVerdict.Forged, token);
    }

    [Fact]
    public async Task VerifyAsync_WithoutExpiry_IsForged() =>
        await ExpectAsync(TokenVerdict.Forged, _forge.Create(token => token.Expires = null));

    [Fact]
    public async Task VerifyAsync_NotYetValid_IsForged() =>
        await ExpectAsync(
            TokenVerdict.Forged,
            _forge.Create(token => token.NotBefore = _time.GetUtcNow().UtcDateTime.AddMinutes(3))
        );

    [Theory]
    [InlineData("")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.AA")]
    public async Task VerifyAsync_Garbage_IsForged(string token) => await ExpectAsync(TokenVerdict.Forged, token);

    [Fact]
    public async Task VerifyAsync_KeyRotated_FetchesTheNewOneAtOnce()
    {
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());
        _time.Advance(TimeSpan.FromMinutes(5));
        _forge.RotateKey();
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());
    }

    [Fact]
    public async Task VerifyAsync_FloodOfUnknownKeys_AsksTheAuthorityOnceAMinute()
    {
        for (var i = 0; i < 120; i++)
        {
            await ExpectAsync(TokenVerdict.Forged, _forge.Create(credentials: TokenForge.UnknownKey()));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _forge.MetadataRequests);
    }

    [Fact]
    public async Task VerifyAsync_AuthorityAway_IsUnverifiable()
    {
        _forge.IsDown = true;
        await ExpectAsync(TokenVerdict.Unverifiable, _forge.Create());
        _forge.IsDown = false;
        _time.Advance(TimeSpan.FromMinutes(1));
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());
    }

    [Fact]
    public async Task VerifyAsync_AuthorityAwayLater_UsesTheKnownKeys()
    {
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());
        _forge.IsDown = true;
        _time.Advance(TimeSpan.FromHours(13));
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());
    }

    [Fact]
    public async Task VerifyAsync_AuthorityIsBack_DropsAWithdrawnKey()
    {
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());
        _time.Advance(TimeSpan.FromHours(13));
        _forge.IsDown = true;
        await ExpectAsync(TokenVerdict.Authentic, _forge.Create());

        _time.Advance(TimeSpan.FromMinutes(1));
        var withdrawn = _forge.Create();
        _forge.IsDown = false;
        _forge.RotateKey();
        await ExpectAsync(TokenVerdict.Forged, withdrawn);
    }

    public void Dispose() => _keys.Dispose();

    private async Task ExpectAsync(TokenVerdict verdict, params string[] tokens) =>
        Assert.Equal(verdict, await _tokens.VerifyAsync(tokens, CancellationToken.None));
}
