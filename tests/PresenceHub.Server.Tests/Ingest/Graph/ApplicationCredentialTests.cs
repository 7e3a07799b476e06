using Azure.Core;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Tests.Ingest.Graph;

public sealed class ApplicationCredentialTests
{
    private readonly List<FixedCredential> _made = [];
    private readonly ApplicationCredential _credential;

    public ApplicationCredentialTests() =>
        _credential = new ApplicationCredential(() =>
        {
            _made.Add(new FixedCredential($"token-{_made.Count}"));
            return _made[^1];
        });

    [Fact]
    public async Task GetTokenAsync_Again_UsesTheSameCredential()
    {
        Assert.Equal(("token-0", "token-0"), (await TokenAsync(), await TokenAsync()));
        Assert.Single(_made);
    }

    [Fact]
    public async Task Forget_CurrentToken_NextOneIsNew()
    {
        await TokenAsync();
        _credential.Forget(_credential.Generation);
        Assert.Equal("token-1", await TokenAsync());
    }

    [Fact]
    public async Task Forget_TokenForgottenAlready_KeepsTheNewOne()
    {
        var generation = _credential.Generation;
        await TokenAsync();
        _credential.Forget(generation);
        await TokenAsync();
        _credential.Forget(generation);
        Assert.Equal("token-1", await TokenAsync());
    }

    private async Task<string> TokenAsync() =>
        (await _credential.GetTokenAsync(new TokenRequestContext(["scope"]), CancellationToken.None)).Token;

    private sealed class FixedCredential(string token) : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(token, DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(
            TokenRequestContext requestContext,
            CancellationToken cancellationToken
        ) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
