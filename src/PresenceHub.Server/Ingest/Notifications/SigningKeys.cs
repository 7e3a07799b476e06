using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>
/// The keys that sign Graph's validation tokens, from the authority's metadata. ConfigurationManager is not used: it
/// fetches a new key in the background and refuses the token that requires it.
/// </summary>
internal sealed class SigningKeys(IHttpClientFactory http, IOptions<GraphOptions> options, TimeProvider time)
    : IDisposable
{
    /// <summary>The authority rotates its keys about daily.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Tokens with made-up key ids must not each cause a request to the authority.</summary>
    private static readonly TimeSpan MinRefreshInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private IReadOnlyCollection<SecurityKey> _keys = [];
    private long? _askedAt;
    private long _fetchedAt;

    /// <summary>
    /// Returns the known keys. They are fetched first when <paramref name="keyId"/> is not among them. The result is
    /// empty while the authority cannot be reached.
    /// </summary>
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
                // Try the next address, or keep the known keys.
            }
        }

        return null;
    }
}
