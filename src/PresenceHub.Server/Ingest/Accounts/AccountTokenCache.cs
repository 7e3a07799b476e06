using Microsoft.AspNetCore.DataProtection;
using Microsoft.Identity.Client;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>
/// Keeps the tokens of connected accounts in Redis, encrypted, so that any node can lead. The distributed cache of MSAL
/// is not used: while Redis is away, it reports an account without tokens, and the hub would ask for a new sign-in.
/// </summary>
internal sealed class AccountTokenCache(
    IConnectionMultiplexer redis,
    IngestKeys keys,
    IDataProtectionProvider protection
)
{
    /// <summary>Refresh tokens of Entra expire after 90 days without use.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    private readonly IDataProtector _protector = protection.CreateProtector("PresenceHub.Accounts.Tokens.v1");

    public void Attach(ITokenCache cache)
    {
        cache.SetBeforeAccessAsync(ReadAsync);
        cache.SetAfterAccessAsync(WriteAsync);
    }

    public Task RemoveAsync(string homeAccountId) =>
        redis.GetDatabase().KeyDeleteAsync(keys.AccountTokens(homeAccountId));

    private async Task ReadAsync(TokenCacheNotificationArgs access)
    {
        if (access.SuggestedCacheKey is not { Length: > 0 } key)
        {
            return;
        }

        byte[]? encrypted = await redis
            .GetDatabase()
            .StringGetAsync(keys.AccountTokens(key))
            .WaitAsync(access.CancellationToken);
        access.TokenCache.DeserializeMsalV3(
            encrypted is null ? null : _protector.TryUnprotect(encrypted),
            shouldClearExistingCache: true
        );
    }

    private async Task WriteAsync(TokenCacheNotificationArgs access)
    {
        if (!access.HasStateChanged || access.SuggestedCacheKey is not { Length: > 0 } key)
        {
            return;
        }

        var database = redis.GetDatabase();
        await (
            access.HasTokens
                ? database.StringSetAsync(
                    keys.AccountTokens(key),
                    _protector.Protect(access.TokenCache.SerializeMsalV3()),
                    Lifetime
                )
                : database.KeyDeleteAsync(keys.AccountTokens(key))
        ).WaitAsync(access.CancellationToken);
    }
}
