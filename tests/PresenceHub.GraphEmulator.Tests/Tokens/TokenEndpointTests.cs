using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace PresenceHub.GraphEmulator.Tests.Tokens;

[Trait("Category", "Functional")]
public sealed class TokenEndpointTests
{
    private const string HubScope = "api://presence-hub/.default openid offline_access";

    [Fact]
    public async Task Token_ForTheHub_ValidatesAgainstTheServedMetadata()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var person = (await emulator.PeopleAsync())[2];
        var answer = await emulator.SignInAsync(person, HubScope);
        var configuration = await new ConfigurationManager<OpenIdConnectConfiguration>(
            $"{emulator.Authority}/v2.0/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(emulator.Http)
        ).GetConfigurationAsync(CancellationToken.None);

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            (string)answer["access_token"]!,
            new TokenValidationParameters
            {
                ValidAudience = emulator.Options.HubAudience,
                ValidIssuer = configuration.Issuer,
                IssuerSigningKeys = configuration.SigningKeys,
            }
        );

        Assert.True(result.IsValid, result.Exception?.ToString());
        Assert.Equal(person, result.Claims["oid"]);
        Assert.NotEqual(person, result.Claims["sub"]);
        Assert.Equal("access", result.Claims["scp"]);
        Assert.Equal(person, new JsonWebToken((string)answer["id_token"]!).GetPayloadValue<string>("oid"));
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Redirect, "code")]
    [InlineData(false, HttpStatusCode.Redirect, "error")]
    public async Task Authorize_UnknownWatcher_DependsOnTheSwitch(bool allowed, HttpStatusCode status, string answer)
    {
        var options = EmulatorFixture.Still();
        options.Switches.AllowUnknownWatchers = allowed;
        await using var emulator = await EmulatorFixture.StartAsync(options);

        var response = await AuthorizeAsync(emulator, $"scope=api://presence-hub/access&login_hint={Guid.NewGuid()}");

        Assert.Equal(status, response.StatusCode);
        Assert.Contains($"{answer}=", response.Headers.Location!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_UnknownUserForGraph_IsNeverSignedIn()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var response = await AuthorizeAsync(emulator, $"scope=User.Read&login_hint={Guid.NewGuid()}");

        Assert.Contains("error=login_required", response.Headers.Location!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_WithoutHint_ShowsThePeople()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var page = await AuthorizeAsync(emulator, "scope=User.Read");
        var silent = await AuthorizeAsync(emulator, "scope=User.Read&prompt=none");

        var name = (await emulator.ReportsAsync())[0].DisplayName;
        Assert.Contains(name, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("error=login_required", silent.Headers.Location!.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_RedirectOffTheMachine_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var response = await AuthorizeAsync(emulator, "scope=openid", redirectUri: "https://example.org/");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Authorize_UnknownClient_GetsHubTokensOnly()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var other = Guid.NewGuid().ToString();

        var answer = await emulator.SignInAsync(emulator.Server.ServiceAccountId, HubScope, other);
        var refused = await emulator.TokenAsync(
            ("grant_type", "refresh_token"),
            ("client_id", other),
            ("refresh_token", (string)answer["refresh_token"]!),
            ("scope", "https://graph.microsoft.com/.default")
        );

        Assert.Equal(other, new JsonWebToken((string)answer["access_token"]!).GetPayloadValue<string>("azp"));
        Assert.Equal("unauthorized_client", (string?)(await EmulatorFixture.ReadAsync(refused))["error"]);
    }

    [Theory]
    [InlineData(false, HttpStatusCode.OK)]
    [InlineData(true, HttpStatusCode.BadRequest)]
    public async Task RefreshToken_UsedTwice_DependsOnTheSwitch(bool singleUse, HttpStatusCode expected)
    {
        var options = EmulatorFixture.Still();
        options.Switches.SingleUseRefreshTokens = singleUse;
        await using var emulator = await EmulatorFixture.StartAsync(options);
        var old = (string)(await emulator.SignInAsync(emulator.Server.ServiceAccountId, HubScope))["refresh_token"]!;

        var first = await RefreshAsync(emulator, old);
        var second = await RefreshAsync(emulator, old);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEqual(old, (string?)(await EmulatorFixture.ReadAsync(first))["refresh_token"]);
        Assert.Equal(expected, second.StatusCode);
    }

    [Fact]
    public async Task Code_UsedTwice_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var redirect = await AuthorizeAsync(emulator, $"scope=User.Read&login_hint={emulator.Server.ServiceAccountId}");
        var code = Microsoft
            .AspNetCore.WebUtilities.QueryHelpers.ParseQuery(redirect.Headers.Location!.Query)["code"]
            .ToString();

        var first = await RedeemAsync(emulator, code);
        var second = await RedeemAsync(emulator, code);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task ClientCredentials_SingleScope_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var response = await emulator.TokenAsync(
            ("grant_type", "client_credentials"),
            ("client_id", emulator.Options.ClientId),
            ("client_secret", emulator.Options.ClientSecret),
            ("scope", "https://graph.microsoft.com/Presence.Read.All")
        );

        Assert.Equal("invalid_scope", (string?)(await EmulatorFixture.ReadAsync(response))["error"]);
    }

    [Fact]
    public async Task ClientCertificate_RegisteredOne_ReplacesTheSecret()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=app",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var options = EmulatorFixture.Still();
        options.ClientCertificatePem = certificate.ExportCertificatePem();
        await using var emulator = await EmulatorFixture.StartAsync(options);
        var credential = new ClientCertificateCredential(
            options.TenantId,
            options.ClientId,
            certificate,
            new ClientCertificateCredentialOptions
            {
                AuthorityHost = emulator.Server.BaseAddress,
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(emulator.CreateClient()),
            }
        );

        var token = await credential.GetTokenAsync(
            new TokenRequestContext(["https://graph.microsoft.com/.default"]),
            CancellationToken.None
        );

        Assert.Equal(options.ClientId, new JsonWebToken(token.Token).GetPayloadValue<string>("appid"));
    }

    [Fact]
    public async Task Metadata_EachForm_NamesItsIssuer()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var tenant = emulator.Options.TenantId;

        Assert.Equal($"{emulator.Authority}/v2.0", await IssuerAsync(emulator, $"{tenant}/v2.0"));
        Assert.Equal($"https://sts.windows.net/{tenant}/", await IssuerAsync(emulator, tenant));
        Assert.EndsWith("/{tenantid}/v2.0", await IssuerAsync(emulator, "common/v2.0"), StringComparison.Ordinal);
        Assert.Null(await IssuerAsync(emulator, $"{Guid.NewGuid()}/v2.0"));
    }

    private static async Task<string?> IssuerAsync(EmulatorFixture emulator, string path) =>
        (string?)
            (await EmulatorFixture.ReadAsync(await emulator.Http.GetAsync($"{path}/.well-known/openid-configuration")))[
                "issuer"
            ];

    private static Task<HttpResponseMessage> AuthorizeAsync(
        EmulatorFixture emulator,
        string query,
        string redirectUri = "http://localhost/x"
    ) =>
        emulator.Http.GetAsync(
            $"{emulator.Authority}/oauth2/v2.0/authorize?client_id={emulator.Options.ClientId}"
                + $"&response_type=code&redirect_uri={redirectUri}&{query}"
        );

    private static Task<HttpResponseMessage> RedeemAsync(EmulatorFixture emulator, string code) =>
        emulator.TokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", emulator.Options.ClientId),
            ("client_secret", emulator.Options.ClientSecret),
            ("code", code),
            ("redirect_uri", "http://localhost/x")
        );

    private static Task<HttpResponseMessage> RefreshAsync(EmulatorFixture emulator, string token) =>
        emulator.TokenAsync(
            ("grant_type", "refresh_token"),
            ("client_id", emulator.Options.ClientId),
            ("refresh_token", token)
        );
}
