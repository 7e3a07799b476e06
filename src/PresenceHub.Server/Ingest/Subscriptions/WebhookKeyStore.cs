using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using PresenceHub.Server.Ingest.Accounts;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// Stores the webhook key in Redis, encrypted by ASP.NET Data Protection. All nodes share it, since any node may
/// receive notifications.
/// </summary>
internal sealed class WebhookKeyStore(
    IConnectionMultiplexer redis,
    IngestKeys keys,
    IDataProtectionProvider protection,
    WebhookKeys local,
    AccountRegistry accounts,
    TimeProvider time,
    ILogger<WebhookKeyStore> logger
) : IDisposable
{
    /// <summary>The purpose string for Data Protection.</summary>
    internal const string Purpose = "PresenceHub.Notifications.WebhookKey.v1";

    private const int Attempts = 3;

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Creates the URLs and the client state of a new subscription.</summary>
    /// <exception cref="RedisException">The key is not known yet, and the server cannot be reached.</exception>
    public async Task<WebhookAddress> CreateAddressAsync(CancellationToken cancellationToken)
    {
        if (local.Current is null)
        {
            await RefreshAsync(cancellationToken);
        }

        return local.CreateAddress();
    }

    /// <summary>Reads the key. Creates it if there is none, and writes it again when Redis has lost its data.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await ReadOrWriteAsync(cancellationToken) is { } key)
                {
                    local.SetCurrent(key);
                    return;
                }
            }

            throw new TimeoutException("Other nodes keep changing the key of the notification URL");
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>Returns null when another node has written at the same time.</summary>
    private async Task<WebhookKey?> ReadOrWriteAsync(CancellationToken cancellationToken)
    {
        var database = redis.GetDatabase();
        byte[]? json = await database.StringGetAsync(keys.WebhookKey).WaitAsync(cancellationToken);
        if (json is not null && TryDecrypt(json) is { } shared)
        {
            return shared;
        }

        // Subscriptions without a segment exist only if there has never been a key.
        var key = local.Current
            ?? WebhookKey.Create(time.GetUtcNow(), json is null && await HasSubscriptionsAsync(cancellationToken));
        var stored = JsonSerializer.SerializeToUtf8Bytes(
            new StoredWebhookKey(key.MadeAt, _protector.Protect(key.ExportSecret()), key.HasFormerSubscriptions),
            SubscriptionJson.Default.StoredWebhookKey
        );
        var writing = database.CreateTransaction();
        writing.AddCondition(
            json is null ? Condition.KeyNotExists(keys.WebhookKey) : Condition.StringEqual(keys.WebhookKey, json)
        );
        var set = writing.StringSetAsync(keys.WebhookKey, stored);
        if (!await writing.ExecuteAsync().WaitAsync(cancellationToken))
        {
            return null;
        }

        await set.WaitAsync(cancellationToken);
        logger.WebhookKeyStored();
        if (key.HasFormerSubscriptions)
        {
            logger.FormerSubscriptionsAccepted(key.MadeAt + WebhookKeys.Overlap);
        }

        return key;
    }

    /// <summary>Whether the leader has recently reported a subscription.</summary>
    private async Task<bool> HasSubscriptionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var health = await accounts.ListHealthAsync(cancellationToken);
            return health.Any(account => account.Subscription.ExpiresAt > time.GetUtcNow());
        }
        catch (JsonException)
        {
            // Assume that there are none. Their notifications are refused, and polls find the changes.
            return false;
        }
    }

    private WebhookKey? TryDecrypt(byte[] json)
    {
        try
        {
            var stored = JsonSerializer.Deserialize(json, SubscriptionJson.Default.StoredWebhookKey);
            return stored?.SealedSecret is not null && _protector.TryUnprotect(stored.SealedSecret) is { } secret
                ? new WebhookKey(stored.MadeAt, secret, stored.HasFormerSubscriptions)
                : null;
        }
        catch (JsonException)
        {
            // Treat it as no key.
            return null;
        }
    }
}
