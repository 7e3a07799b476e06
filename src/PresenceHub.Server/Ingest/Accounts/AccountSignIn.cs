using Azure.Core;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>Signs accounts in by the authorization-code flow with PKCE, and keeps them signed in.</summary>
internal sealed class AccountSignIn
{
    public const string CallbackPath = "/admin/accounts/callback";

    private readonly string[] _scopes;
    private readonly AccountTokenCache _cache;
    private readonly Lazy<IConfidentialClientApplication> _application;

    public AccountSignIn(IHttpClientFactory http, GraphClients graph, AccountTokenCache cache, IOptions<GraphOptions> options)
    {
        _scopes = DelegatedApplication.ScopesOf(graph);
        _cache = cache;
        _application = new Lazy<IConfidentialClientApplication>(() =>
        {
            CallbackUri = options.Value.NotificationUrl is { Length: > 0 } url ? new Uri(url.TrimEnd('/') + CallbackPath) : null;
            var application = DelegatedApplication.Create(options.Value, http, CallbackUri);
            cache.Serve(application.UserTokenCache);
            return application;
        });
    }

    private Uri? CallbackUri { get; set; }

    /// <summary>Where the administrator signs an account in, and the secret that redeems what comes back.</summary>
    public async Task<(Uri Url, string Verifier)> BeginAsync(string state, string? loginHint, CancellationToken cancellationToken)
    {
        // An administrator is usually signed in as somebody else already: the authority has to ask whom to connect.
        var request = _application.Value.GetAuthorizationRequestUrl(_scopes)
            .WithPkce(out var verifier)
            .WithPrompt(Prompt.SelectAccount)
            .WithExtraQueryParameters(new Dictionary<string, (string Value, bool IncludeInCacheKey)> { ["state"] = (state, false) });
        if (loginHint is { Length: > 0 })
        {
            request = request.WithLoginHint(loginHint);
        }

        return (await request.ExecuteAsync(cancellationToken), verifier);
    }

    /// <exception cref="MsalException">The authority refuses the code.</exception>
    public Task<AuthenticationResult> CompleteAsync(string code, string verifier, CancellationToken cancellationToken) =>
        _application.Value.AcquireTokenByAuthorizationCode(_scopes, code).WithPkceCodeVerifier(verifier).ExecuteAsync(cancellationToken);

    /// <exception cref="MsalUiRequiredException">The sign-in has ended.</exception>
    public async Task<AccessToken> GetTokenAsync(string homeAccountId, bool forceRefresh, CancellationToken cancellationToken)
    {
        if (await _application.Value.GetAccountAsync(homeAccountId) is not { } account)
        {
            throw new SignInNeededException();
        }

        var result = await _application.Value.AcquireTokenSilent(_scopes, account).WithForceRefresh(forceRefresh).ExecuteAsync(cancellationToken);
        return new AccessToken(result.AccessToken, result.ExpiresOn);
    }

    public Task ForgetAsync(string homeAccountId) => _cache.RemoveAsync(homeAccountId);
}
