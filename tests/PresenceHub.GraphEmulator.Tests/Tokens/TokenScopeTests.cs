using PresenceHub.GraphEmulator.Tokens;

namespace PresenceHub.GraphEmulator.Tests.Tokens;

public sealed class TokenScopeTests
{
    private const string Hub = "api://presence-hub";

    [Theory]
    [InlineData("https://graph.microsoft.com/.default", TokenResource.Graph, true)]
    [InlineData("https://graph.microsoft.com//.default", TokenResource.Graph, true)]
    [InlineData("https://localhost:5443/.default", TokenResource.Graph, true)]
    [InlineData("Presence.Read.All User.Read", TokenResource.Graph, false)]
    [InlineData("openid profile", TokenResource.Graph, false)]
    [InlineData(Hub + "/.default offline_access", TokenResource.Hub, true)]
    [InlineData(Hub + "/access", TokenResource.Hub, false)]
    internal void TryParse_KnownResource_IsRecognised(string scope, TokenResource resource, bool isDefault)
    {
        var parsed = TokenScope.TryParse(scope, Hub)!;

        Assert.Equal((resource, isDefault), (parsed.Resource, parsed.IsDefault));
    }

    [Theory]
    [InlineData("https://example.org/.default")]
    [InlineData("https://graph.microsoft.com/.default api://presence-hub/access")]
    public void TryParse_UnknownOrMixedResources_IsNothing(string scope)
    {
        Assert.Null(TokenScope.TryParse(scope, Hub));
    }

    [Fact]
    public void TryParse_OpenIdScopes_AskForTheExtras()
    {
        var parsed = TokenScope.TryParse("openid offline_access api://presence-hub/access", Hub)!;

        Assert.True(parsed.WantsIdToken && parsed.WantsRefreshToken);
        Assert.Equal(["access"], parsed.Names);
    }
}
