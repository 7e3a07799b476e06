using Azure.Core;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Signs accounts in by the authorization code flow with PKCE, and keeps them signed in.</summary>
internal sealed class AccountSignIn
{
    public const string CallbackPath = "/admin/accounts/callback";

    private readonly string[] _scopes;
    private readonly AccountTokenCache _cache;
    private readonly IHttpClientFactory _http;
    private readonly GraphOptions _options;

    public AccountSignIn(
        IHttpClientFactory http,
        GraphClients graph,
        AccountTokenCache cache,
        IOptions<GraphOptions> options
    )
    {
        _scopes = DelegatedApplication.ScopesOf(graph);
        (_http, _cache, _options) = (http, cache, options.Value);
    }

    /// <summary>
    /// Returns the URL at which the administrator signs an account in, and the PKCE verifier that redeems the code.
    /// </summary>
    public async Task<(Uri Url, string Verifier)> BeginAsync(
        string state,
        string? loginHint,
        CancellationToken cancellationToken
    )
    {
        // The administrator is usually signed in with another account, so the authority has to ask which account to
        // connect.
        var request = CreateApplication()
            .GetAuthorizationRequestUrl(_scopes)
            .WithPkce(out var verifier)
            .WithPrompt(Prompt.SelectAccount)
            .WithExtraQueryParameters(
                new Dictionary<string, (string Value, bool IncludeInCacheKey)> { ["state"] = (state, false) }
            );
        if (loginHint is { Length: > 0 })
        {
            request = request.WithLoginHint(loginHint);
        }

        return (await request.ExecuteAsync(cancellationToken), verifier);
    }

    /// <exception cref="MsalException">The authority refuses the code.</exception>
    public Task<AuthenticationResult> CompleteAsync(
        string code,
        string verifier,
        CancellationToken cancellationToken
    ) =>
        CreateApplication()
            .AcquireTokenByAuthorizationCode(_scopes, code)
            .WithPkceCodeVerifier(verifier)
            .ExecuteAsync(cancellationToken);

    /// <exception cref="MsalUiRequiredException">The sign-in has ended.</exception>
    public async Task<AccessToken> GetTokenAsync(
        string homeAccountId,
        bool forceRefresh,
        CancellationToken cancellationToken
    )
    {
        var application = CreateApplication();
        if (await application.GetAccountAsync(homeAccountId) is not { } account)
        {
            throw new SignInNeededException();
        }

        var result = await application
            .AcquireTokenSilent(_scopes, account)
            .WithForceRefresh(forceRefresh)
            .ExecuteAsync(cancellationToken);
        return new AccessToken(result.AccessToken, result.ExpiresOn);
    }

    public Task RemoveTokensAsync(string homeAccountId) => _cache.RemoveAsync(homeAccountId);

    /// <summary>
    /// Each call needs a new application. Its token cache in memory is not locked, so the tokens of one account could
    /// replace those of another.
    /// </summary>
    private IConfidentialClientApplication CreateApplication()
    {
        var callback = _options.NotificationUrl is { Length: > 0 } url
            ? new Uri(url.TrimEnd('/') + CallbackPath)
            : null;
        var application = DelegatedApplication.Create(_options, _http, callback);
        _cache.Attach(application.UserTokenCache);
        return application;
    }
}
