using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PresenceHub.Server.Ingest.Graph;

namespace PresenceHub.Server.Ingest.Notifications;

/// <summary>Verifies the tokens by which Graph proves that it sent a rich notification.</summary>
internal sealed class ValidationTokens(SigningKeys keys, IOptions<GraphOptions> options, TimeProvider time)
{
    /// <summary>
    /// The application id of "Microsoft Graph Change Tracking". Any other application of the directory can also get a
    /// token for the audience of the hub.
    /// </summary>
    internal const string Publisher = "0bf30f3b-4a52-48df-9a82-234910c4a086";

    /// <summary>Graph uses one token for about a day. After this many different tokens, the cache is cleared.</summary>
    private const int MaxCached = 1000;
    private const int MaxTokenLength = 8192;

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new()
    {
        MaximumTokenSizeInBytes = MaxTokenLength,
        MapInboundClaims = false,
    };
    private readonly GraphOptions _options = options.Value;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _authenticUntil = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns <see cref="TokenVerdict.Authentic"/> when there is at least one token and all are valid.
    /// </summary>
    public async Task<TokenVerdict> VerifyAsync(IReadOnlyList<string> tokens, CancellationToken cancellationToken)
    {
        var verdict = tokens.Count is 0 ? TokenVerdict.Forged : TokenVerdict.Authentic;
        foreach (var token in tokens)
        {
            switch (await VerifyAsync(token, cancellationToken))
            {
                case TokenVerdict.Forged:
                    return TokenVerdict.Forged;
                case TokenVerdict.Unverifiable:
                    verdict = TokenVerdict.Unverifiable;
                    break;
            }
        }

        return verdict;
    }

    private async Task<TokenVerdict> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        var fingerprint = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        if (IsKnown(fingerprint))
        {
            return TokenVerdict.Authentic;
        }

        if (!TryReadKeyId(token, out var keyId))
        {
            return TokenVerdict.Forged;
        }

        var signingKeys = await keys.GetAsync(keyId, cancellationToken);
        if (signingKeys.Count is 0)
        {
            return TokenVerdict.Unverifiable;
        }

        var result = await _handler.ValidateTokenAsync(token, ParametersFor(signingKeys));
        if (
            !result.IsValid
            || result.SecurityToken is not JsonWebToken read
            || !IsForUsAlone(read)
            || !IsFromPublisher(read)
        )
        {
            return TokenVerdict.Forged;
        }

        Remember(fingerprint, read.ValidTo);
        return TokenVerdict.Authentic;
    }

    private bool TryReadKeyId(string token, out string keyId)
    {
        keyId = string.Empty;
        try
        {
            keyId = _handler.CanReadToken(token) ? _handler.ReadJsonWebToken(token).Kid : string.Empty;
        }
        catch (Exception exception) when (exception is ArgumentException or SecurityTokenException)
        {
            return false;
        }

        return !string.IsNullOrEmpty(keyId);
    }

    private TokenValidationParameters ParametersFor(IReadOnlyCollection<SecurityKey> signingKeys) =>
        new()
        {
            IssuerSigningKeys = signingKeys,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidAudience = _options.ClientId,
            ValidIssuers =
            [
                $"https://sts.windows.net/{_options.TenantId}/",
                $"https://login.microsoftonline.com/{_options.TenantId}/v2.0",
                $"{_options.AuthorityUri.GetLeftPart(UriPartial.Authority)}/{_options.TenantId}/v2.0",
            ],
            RequireExpirationTime = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
                expires is { } end
                && time.GetUtcNow() < end + ClockSkew
                && (notBefore is not { } start || time.GetUtcNow() >= start - ClockSkew),
        };

    /// <summary>
    /// The library accepts a token if one of several audiences matches. A token for several audiences is held by others
    /// too, so it proves nothing.
    /// </summary>
    private static bool IsForUsAlone(JsonWebToken token) => token.Audiences.Count() is 1;

    /// <summary>The claim is called <c>azp</c> in version 2.0 tokens and <c>appid</c> in version 1.0.</summary>
    private bool IsFromPublisher(JsonWebToken token)
    {
        string?[] publishers = [ClaimOf(token, "azp"), ClaimOf(token, "appid")];
        return publishers.Any(publisher => publisher is not null)
            && publishers.All(publisher => publisher is null or Publisher)
            && ClaimOf(token, "tid") is { } tenant
            && tenant.Equals(_options.TenantId, StringComparison.OrdinalIgnoreCase);
    }

    private static string? ClaimOf(JsonWebToken token, string name) =>
        token.TryGetPayloadValue<string>(name, out var value) ? value : null;

    private bool IsKnown(string fingerprint)
    {
        lock (_gate)
        {
            return _authenticUntil.TryGetValue(fingerprint, out var until) && time.GetUtcNow() < until + ClockSkew;
        }
    }

    private void Remember(string fingerprint, DateTime validTo)
    {
        lock (_gate)
        {
            if (_authenticUntil.Count >= MaxCached)
            {
                _authenticUntil.Clear();
            }

            _authenticUntil[fingerprint] = new DateTimeOffset(validTo, TimeSpan.Zero);
        }
    }
}
