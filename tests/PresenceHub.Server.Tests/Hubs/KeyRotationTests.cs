using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Control;
using PresenceHub.Server.Hubs;
using PresenceHub.Testing;

namespace PresenceHub.Server.Tests.Hubs;

/// <summary>Tokens whose key is not known, at a hub whose issuer may be away.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private const string Issuer = "https://issuer.example/v2.0";

    private static readonly RSA Known = RSA.Create(2048);
    private static readonly RSA Next = RSA.Create(2048);

    private readonly WrittenLog _log = new();
    private readonly IssuerHandler _issuer = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        _issuer.Keys = [Known];
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Production }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Authentication:Authority"] = Issuer,
                ["Authentication:Audience"] = "api://hub",
            }
        );
        builder.Logging.AddProvider(_log);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder
            .Services.AddRouting()
            .AddMetrics()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<Audit>()
            .AddWatchHub();
        foreach (
            var service in builder
                .Services.Where(service =>
                    service.ServiceType == typeof(IHostedService)
                        && service.ImplementationType != typeof(AuthorityKeys)
                        && service.ImplementationType?.Namespace?.StartsWith("PresenceHub", StringComparison.Ordinal)
                            is true
                    || service is { ServiceType: { } type, ImplementationFactory: not null }
                        && type == typeof(IHostedService)
                        && service.ImplementationFactory.Method.DeclaringType!.FullName!.StartsWith(
                            "PresenceHub",
                            StringComparison.Ordinal
                        )
                )
                .ToArray()
        )
        {
            builder.Services.Remove(service);
        }

        builder.Services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, bearer =>
            bearer.BackchannelHttpHandler = _issuer
        );
        _app = builder.Build();
        _app.UseRouting().UseAuthentication().UseAuthorization();
        _app.MapGet("/", () => "in").RequireAuthorization();
        await _app.StartAsync();
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(_app.Urls.Single()) };
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        _issuer.Dispose();
    }

    [Fact]
    public async Task Token_OfANewKeyWhileTheIssuerIsAway_IsNotJudgedUntilTheKeysAreRefreshed()
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Known)).Status);
        _issuer.IsAway = true;

        var answer = await Eventually.GetAsync(
            () => SendAsync(Next),
            answer => answer.Status is not HttpStatusCode.Unauthorized
        );

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable", TimeSpan.FromSeconds(5)), answer);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Known)).Status);
        Assert.Single(_log.Lines, line => line.Contains("signed with an unknown key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<html>Sign in to this network</html>")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    public async Task Token_OfANewKeyWhileAnotherPageIsAnswered_IsNotJudged(string page)
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Known)).Status);
        _issuer.Page = page;

        var answer = await Eventually.GetAsync(
            () => SendAsync(Next),
            answer => answer.Status is not HttpStatusCode.Unauthorized
        );

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unavailable", TimeSpan.FromSeconds(5)), answer);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(Known)).Status);
    }

    [Theory]
    [InlineData("<html>Sign in to this network</html>", true)]
    [InlineData("""{"jwks_uri":"https://issuer.example/keys"}""", true)]
    [InlineData("""{"keys":[]}""", true)]
    [InlineData("""{"keys":"none"}""", true)]
    [InlineData("""{"keys":[{"kty":"RSA"}]}""", false)]
    public async Task SendAsync_AnswerWithoutKeys_IsAFailedRefresh(string page, bool isFailed)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var authority = new Authority(
            new FakeTimeProvider(),
            Ingest.TestMetrics.NewFactory(),
            loggers.CreateLogger<Authority>()
        );
        authority.RefreshFailed();
        using var issuer = new IssuerHandler { Page = page };
        using var http = new HttpClient(new AuthorityChannel(issuer, authority));

        Assert.Equal(page, await http.GetStringAsync(new Uri("https://issuer.example/keys")));

        Assert.Equal(isFailed, authority.MayLackKey());
    }

    [Fact]
    public async Task Token_OfAMadeUpKeyWhileTheIssuerAnswers_IsRefusedAndAsksTheIssuerOnce()
    {
        var before = _issuer.Requests;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Next, $"made up {i}")).Status);
        }

        await Eventually.GetAsync(() => Task.FromResult(_issuer.Requests), requests => requests >= before + 2);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Next)).Status);
        Assert.Equal(before + 2, _issuer.Requests);
    }

    [Fact]
    public async Task Token_ThatEndedWithinTheClockSkew_IsCountedAsRefused()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Known, lifetime: TimeSpan.FromSeconds(-30))).Status);

        Assert.Contains(
            "token was refused (SecurityTokenExpiredException",
            Assert.Single(_log.Lines, line => line.Contains("token was refused", StringComparison.Ordinal)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void MayLackKey_AfterAFailedRefresh_HoldsForALimitedTimeOrUntilOneSucceeds()
    {
        var time = new FakeTimeProvider();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var authority = new Authority(time, Ingest.TestMetrics.NewFactory(), loggers.CreateLogger<Authority>());
        Assert.False(authority.MayLackKey());

        authority.RefreshFailed();
        Assert.True(authority.MayLackKey());
        authority.RefreshSucceeded();
        Assert.False(authority.MayLackKey());
        authority.RefreshFailed();
        time.Advance(Authority.FailureLifetime);
        Assert.True(authority.MayLackKey());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(authority.MayLackKey());
    }

    private async Task<(HttpStatusCode Status, string? Code, TimeSpan? RetryAfter)> SendAsync(
        RSA key,
        string? keyId = null,
        TimeSpan? lifetime = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            Token(key, keyId ?? IssuerHandler.IdOf(key), lifetime ?? TimeSpan.FromHours(1))
        );
        using var answer = await _http.SendAsync(request);
        var code = answer.IsSuccessStatusCode
            ? null
            : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();
        return (answer.StatusCode, code, answer.Headers.RetryAfter?.Delta);
    }

    private static string Token(RSA key, string keyId, TimeSpan lifetime) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = "api://hub",
                Subject = new ClaimsIdentity([
                    new Claim("azp", "app"),
                    new Claim("scp", "access"),
                    new Claim("acct", "0"),
                ]),
                NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1),
                Expires = TimeProvider.System.GetUtcNow().UtcDateTime + lifetime,
                SigningCredentials = new SigningCredentials(
                    new RsaSecurityKey(key) { KeyId = keyId },
                    SecurityAlgorithms.RsaSha256
                )
                {
                    // Otherwise the library keeps a provider of a key that the test has disposed.
                    CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false },
                },
            }
        );
}
