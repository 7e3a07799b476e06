using System.Collections.Concurrent;
using Azure.Core;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Client;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// The tokens of the delegated accounts. Application permissions do not cover presence subscriptions.
/// </summary>
internal sealed class DelegatedTokens
{
    /// <summary>A token is not used in its last minutes, so that it does not expire during a request.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly GraphOptions _options;
    private readonly EmulatorSignIn _emulator;
    private readonly AccountSignIn _connected;
    private readonly TimeProvider _time;
    private readonly string[] _scopes;
    private readonly Lazy<IConfidentialClientApplication> _application;
    private readonly ConcurrentDictionary<string, IAccount> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, AccessToken> _emulated = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, bool> _invalidated = new(StringComparer.OrdinalIgnoreCase);

    public DelegatedTokens(
        IHttpClientFactory http,
        GraphClients graph,
        EmulatorSignIn emulator,
        AccountSignIn connected,
        IOptions<GraphOptions> options,
        TimeProvider time
    )
    {
        _options = options.Value;
        _emulator = emulator;
        _connected = connected;
        _time = time;
        _scopes = DelegatedApplication.ScopesOf(graph);
        _application = new Lazy<IConfidentialClientApplication>(() => DelegatedApplication.Create(_options, http));
    }

    /// <exception cref="SignInNeededException">The account's sign-in has ended.</exception>
    public async Task<AccessToken> GetAsync(GraphAccount account, CancellationToken cancellationToken)
    {
        try
        {
            var isInvalidated = _invalidated.ContainsKey(account.UserId);
            var token = account switch
            {
                { HomeAccountId: { } home } => await _connected.GetTokenAsync(home, isInvalidated, cancellationToken),
                _ when _options.Mode is GraphMode.Emulator && string.IsNullOrEmpty(account.RefreshToken) =>
                    await SignInToEmulatorAsync(account, isInvalidated, cancellationToken),
                _ => await RedeemAsync(account, isInvalidated, cancellationToken),
            };
            _invalidated.TryRemove(account.UserId, out _);
            return token;
        }
        catch (MsalUiRequiredException exception)
        {
            throw new SignInNeededException(exception);
        }
    }

    /// <summary>
    /// Has the next token fetched from the authority, because Graph refused the current one before its expiry.
    /// </summary>
    public void Invalidate(GraphAccount account) => _invalidated[account.UserId] = true;

    private async Task<AccessToken> RedeemAsync(
        GraphAccount account,
        bool isInvalidated,
        CancellationToken cancellationToken
    )
    {
        var result = await AcquireSilentAsync(account, isInvalidated, cancellationToken)
            ?? await ((IByRefreshToken)_application.Value)
                .AcquireTokenByRefreshToken(_scopes, account.RefreshToken)
                .ExecuteAsync(cancellationToken);
        _accounts[account.UserId] = result.Account;
        return new AccessToken(result.AccessToken, result.ExpiresOn);
    }

    private async Task<AuthenticationResult?> AcquireSilentAsync(
        GraphAccount account,
        bool isInvalidated,
        CancellationToken cancellationToken
    )
    {
        if (!_accounts.TryGetValue(account.UserId, out var known))
        {
            return null;
        }

        try
        {
            return await _application
                .Value.AcquireTokenSilent(_scopes, known)
                .WithForceRefresh(isInvalidated)
                .ExecuteAsync(cancellationToken);
        }
        catch (MsalUiRequiredException)
        {
            // The newer refresh token was revoked. The configured one may still be valid.
            _accounts.TryRemove(account.UserId, out _);
            return null;
        }
    }

    private async Task<AccessToken> SignInToEmulatorAsync(
        GraphAccount account,
        bool isInvalidated,
        CancellationToken cancellationToken
    )
    {
        if (
            isInvalidated
            || !_emulated.TryGetValue(account.UserId, out var token)
            || token.ExpiresOn - Margin <= _time.GetUtcNow()
        )
        {
            var (accessToken, expiresIn) = await _emulator.SignInAsync(account.UserId, _scopes[0], cancellationToken);
            token = new AccessToken(accessToken, _time.GetUtcNow() + expiresIn);
            _emulated[account.UserId] = token;
        }

        return token;
    }
}
