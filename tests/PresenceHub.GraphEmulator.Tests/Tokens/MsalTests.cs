using Microsoft.Identity.Client;
using Microsoft.IdentityModel.JsonWebTokens;

namespace PresenceHub.GraphEmulator.Tests.Tokens;

[Trait("Category", "Functional")]
public sealed class MsalTests
{
    private const string RedirectUri = "http://localhost/signed-in";
    private static readonly string[] Graph = ["https://graph.microsoft.com/.default"];

    [Fact]
    public async Task AcquireTokenByAuthorizationCode_WithPkce_SignsInAndRefreshesSilently()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var client = ClientOf(emulator);
        var url = await client
            .GetAuthorizationRequestUrl(Graph)
            .WithRedirectUri(RedirectUri)
            .WithLoginHint(emulator.Server.ServiceAccountId)
            .WithPkce(out var verifier)
            .ExecuteAsync();
        var redirect = await emulator.Http.GetAsync(url);
        var code = Microsoft
            .AspNetCore.WebUtilities.QueryHelpers.ParseQuery(redirect.Headers.Location!.Query)["code"]
            .ToString();

        var result = await client
            .AcquireTokenByAuthorizationCode(Graph, code)
            .WithPkceCodeVerifier(verifier)
            .ExecuteAsync();
        var cached = await client.AcquireTokenSilent(Graph, result.Account).ExecuteAsync();
        var refreshed = await client.AcquireTokenSilent(Graph, result.Account).WithForceRefresh(true).ExecuteAsync();

        Assert.Equal(emulator.Server.ServiceAccountId, result.Account.HomeAccountId.ObjectId);
        Assert.Contains(
            "Presence.Read.All",
            new JsonWebToken(result.AccessToken).GetPayloadValue<string>("scp").Split(' ')
        );
        Assert.Equal(result.AccessToken, cached.AccessToken);
        Assert.NotEqual(result.AccessToken, refreshed.AccessToken);
    }

    [Fact]
    public async Task AcquireTokenByAuthorizationCode_WrongVerifier_IsRefused()
    {
        await using var emulator = await EmulatorFixture.StartAsync();
        var client = ClientOf(emulator);
        var url = await client
            .GetAuthorizationRequestUrl(Graph)
            .WithRedirectUri(RedirectUri)
            .WithLoginHint(emulator.Server.ServiceAccountId)
            .WithPkce(out _)
            .ExecuteAsync();
        var redirect = await emulator.Http.GetAsync(url);
        var code = Microsoft
            .AspNetCore.WebUtilities.QueryHelpers.ParseQuery(redirect.Headers.Location!.Query)["code"]
            .ToString();

        var failure = await Assert.ThrowsAsync<MsalUiRequiredException>(() =>
            client.AcquireTokenByAuthorizationCode(Graph, code).WithPkceCodeVerifier("another").ExecuteAsync()
        );

        Assert.Equal("invalid_grant", failure.ErrorCode);
    }

    [Fact]
    public async Task AcquireTokenForClient_RightSecret_GivesToken()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var result = await ClientOf(emulator).AcquireTokenForClient(Graph).ExecuteAsync();

        Assert.Equal(emulator.Options.ClientId, new JsonWebToken(result.AccessToken).GetPayloadValue<string>("appid"));
    }

    private static IConfidentialClientApplication ClientOf(EmulatorFixture emulator) =>
        ConfidentialClientApplicationBuilder
            .Create(emulator.Options.ClientId)
            .WithClientSecret(emulator.Options.ClientSecret)
            .WithAuthority(emulator.Authority, validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithRedirectUri(RedirectUri)
            .WithHttpClientFactory(new TrustingClientFactory(emulator))
            .Build();

    private sealed class TrustingClientFactory(EmulatorFixture emulator) : IMsalHttpClientFactory
    {
        private readonly HttpClient _client = emulator.CreateClient();

        public HttpClient GetHttpClient() => _client;
    }
}
