using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// The keys that Graph's validation tokens are signed with, from the authority's fixed metadata. ConfigurationManager
/// would fetch a new key in the background only, and refuse the token that made it do so.
/// </summary>
internal sealed class SigningKeys(IHttpClientFactory http, IOptions<GraphOptions> options, TimeProvider time)
    : IDisposable
{
    /// <summary>The authority rotates its keys about daily.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Tokens with keys that never existed must not turn into requests to the authority.</summary>
    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyCollection<SecurityKey> _keys = [];
    private long? _askedAt;
    private long _fetchedAt;

    /// <summary>The keys known, after asking for them when <paramref name="keyId"/> is not among them. Empty while the
    /// authority cannot be reached.</summary>
    public async Task<IReadOnlyCollection<SecurityKey>> GetAsync(string keyId, CancellationToken cancellationToken)
    {
        if (IsFresh(keyId))
        {
            return _keys;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (!IsFresh(keyId) && (_askedAt is not { } askedAt || time.GetElapsedTime(askedAt) >= MinRefreshInterval))
            {
                _askedAt = time.GetTimestamp();
                if (await FetchAsync(cancellationToken) is { } fetched)
                {
                    (_keys, _fetchedAt) = (fetched, time.GetTimestamp());
                }
            }

            return _keys;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private bool IsFresh(string keyId) =>
        time.GetElapsedTime(_fetchedAt) < Lifetime && _keys.Any(key => key.KeyId == keyId);

    private async Task<IReadOnlyCollection<SecurityKey>?> FetchAsync(CancellationToken cancellationToken)
    {
        using var client = http.CreateClient(GraphClients.AuthorityHttpClient);
        var documents = new HttpDocumentRetriever(client) { RequireHttps = true };
        foreach (var audience in (string[])["common", options.Value.TenantId!])
        {
            try
            {
                var metadata = new Uri(options.Value.AuthorityUri, $"/{audience}/.well-known/openid-configuration");
                var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
                    metadata.ToString(),
                    documents,
                    cancellationToken
                );
                if (configuration.SigningKeys.Count > 0)
                {
                    return [.. configuration.SigningKeys];
                }
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The next address, or the keys known so far.
            }
        }

        return null;
    }
}
