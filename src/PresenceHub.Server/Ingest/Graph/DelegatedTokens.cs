using System.Collections.Concurrent;
using Azure.Core;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;

namespace PresenceHub.Server.Ingest.Graph;

/// <summary>Tokens of the delegated accounts: application permission does not cover presence subscriptions.</summary>
internal sealed class DelegatedTokens
{
    private const string Permission = "Presence.Read.All";

    /// <summary>A token is not used in its last minutes, so that none runs out on the way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly GraphOptions _options;
    private readonly EmulatorSignIn _emulator;
    private readonly TimeProvider _time;
    private readonly string[] _scopes;
    private readonly Lazy<IConfidentialClientApplication> _application;
    private readonly ConcurrentDictionary<string, IAccount> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, AccessToken> _emulated = new(StringComparer.OrdinalIgnoreCase);

    public DelegatedTokens(IHttpClientFactory http, GraphClients graph, EmulatorSignIn emulator, IOptions<GraphOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _emulator = emulator;
        _time = time;
        _scopes = [$"{graph.Resource}/{Permission}"];
        _application = new Lazy<IConfidentialClientApplication>(() => CreateApplication(new AuthorityHttpClients(http)));
    }

    public async Task<AccessToken> GetAsync(GraphAccount account, CancellationToken cancellationToken)
    {
        if (_options.Mode is GraphMode.Emulator && string.IsNullOrEmpty(account.RefreshToken))
        {
            return await SignInToEmulatorAsync(account, cancellationToken);
        }

        var result = await AcquireSilentAsync(account, cancellationToken)
            ?? await ((IByRefreshToken)_application.Value).AcquireTokenByRefreshToken(_scopes, account.RefreshToken).ExecuteAsync(cancellationToken);
        _accounts[account.UserId] = result.Account;
        return new AccessToken(result.AccessToken, result.ExpiresOn);
    }

    private async Task<AuthenticationResult?> AcquireSilentAsync(GraphAccount account, CancellationToken cancellationToken)
    {
        if (!_accounts.TryGetValue(account.UserId, out var known))
        {
            return null;
        }

        try
        {
            return await _application.Value.AcquireTokenSilent(_scopes, known).ExecuteAsync(cancellationToken);
        }
        catch (MsalUiRequiredException)
        {
            // The newer refresh token was revoked; the configured one may still do.
            _accounts.TryRemove(account.UserId, out _);
            return null;
        }
    }

    private async Task<AccessToken> SignInToEmulatorAsync(GraphAccount account, CancellationToken cancellationToken)
    {
        if (!_emulated.TryGetValue(account.UserId, out var token) || token.ExpiresOn - Margin <= _time.GetUtcNow())
        {
            var (accessToken, expiresIn) = await _emulator.SignInAsync(account.UserId, _scopes[0], cancellationToken);
            token = new AccessToken(accessToken, _time.GetUtcNow() + expiresIn);
            _emulated[account.UserId] = token;
        }

        return token;
    }

    private IConfidentialClientApplication CreateApplication(IMsalHttpClientFactory http)
    {
        var builder = ConfidentialClientApplicationBuilder.Create(_options.ClientId)
            .WithAuthority($"{_options.AuthorityUri.GetLeftPart(UriPartial.Authority)}/{_options.TenantId}", validateAuthority: _options.IsMicrosoftAuthority)
            .WithInstanceDiscovery(_options.IsMicrosoftAuthority)
            .WithHttpClientFactory(http);
        return _options.ClientCertificatePath is { Length: > 0 } path
            ? builder.WithCertificate(ApplicationCertificate.Load(path)).Build()
            : builder.WithClientSecret(_options.ClientSecret).Build();
    }

    private sealed class AuthorityHttpClients(IHttpClientFactory http) : IMsalHttpClientFactory
    {
        public HttpClient GetHttpClient() => http.CreateClient(GraphClients.AuthorityHttpClient);
    }
}
