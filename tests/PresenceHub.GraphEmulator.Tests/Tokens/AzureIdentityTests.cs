using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.IdentityModel.JsonWebTokens;

namespace PresenceHub.GraphEmulator.Tests.Tokens;

[Trait("Category", "Functional")]
public sealed class AzureIdentityTests
{
    private static readonly TokenRequestContext Graph = new(["https://graph.microsoft.com/.default"]);

    [Fact]
    public async Task GetTokenAsync_RightSecret_GivesTokenWithApplicationRoles()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var token = await CredentialOf(emulator, emulator.Options.ClientSecret)
            .GetTokenAsync(Graph, CancellationToken.None);

        var jwt = new JsonWebToken(token.Token);
        Assert.Equal("https://graph.microsoft.com", Assert.Single(jwt.Audiences));
        Assert.Equal($"{emulator.Authority}/v2.0", jwt.Issuer);
        Assert.Equal(emulator.Options.TenantId, jwt.GetPayloadValue<string>("tid"));
        Assert.Contains(jwt.Claims, claim => claim is { Type: "roles", Value: "Presence.Read.All" });
        Assert.InRange(jwt.ValidTo - jwt.IssuedAt, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(90));
    }

    [Fact]
    public async Task GetTokenAsync_WrongSecret_FailsWithEntraCode()
    {
        await using var emulator = await EmulatorFixture.StartAsync();

        var failure = await Assert.ThrowsAsync<AuthenticationFailedException>(async () =>
            await CredentialOf(emulator, "wrong").GetTokenAsync(Graph, CancellationToken.None)
        );

        Assert.Contains("AADSTS7000215", failure.ToString(), StringComparison.Ordinal);
    }

    private static ClientSecretCredential CredentialOf(EmulatorFixture emulator, string secret) =>
        new(
            emulator.Options.TenantId,
            emulator.Options.ClientId,
            secret,
            new ClientSecretCredentialOptions
            {
                AuthorityHost = emulator.Server.BaseAddress,
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(emulator.CreateClient()),
            }
        );
}
