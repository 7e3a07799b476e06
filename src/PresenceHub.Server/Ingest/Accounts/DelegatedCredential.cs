using Azure.Core;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The credential with which the Graph SDK acts as a delegated account.</summary>
internal sealed class DelegatedCredential(DelegatedTokens tokens, GraphAccount account) : TokenCredential
{
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Tokens are fetched asynchronously");

    public override async ValueTask<AccessToken> GetTokenAsync(
        TokenRequestContext requestContext,
        CancellationToken cancellationToken
    ) => await tokens.GetAsync(account, cancellationToken);
}
