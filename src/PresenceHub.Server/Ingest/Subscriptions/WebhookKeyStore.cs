using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using PresenceHub.Server.Ingest.Accounts;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The key of the notification URL in Redis, sealed by Data Protection and shared by all nodes: any of them may get the
/// notifications.
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
    /// <summary>Of the sealing by Data Protection.</summary>
    internal const string Purpose = "PresenceHub.Notifications.WebhookKey.v1";

    private const int Attempts = 3;

    private readonly IDataProtector _protector = protection.CreateProtector(Purpose);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What a new subscription is to be made with.</summary>
    /// <exception cref="RedisException">The key is not known yet, and the server cannot be reached.</exception>
    public async Task<WebhookAddress> CreateAddressAsync(CancellationToken cancellationToken)
    {
        if (local.Current is null)
        {
            await RefreshAsync(cancellationToken);
        }

        return local.CreateAddress();
    }

    /// <summary>Reads the key; makes it if there is none, and puts it back where Redis has lost its data.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
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
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>Null when another node has written at the same time.</summary>
    private async Task<WebhookKey?> ReadOrWriteAsync(CancellationToken cancellationToken)
    {
        var database = redis.GetDatabase();
        byte[]? json = await database.StringGetAsync(keys.WebhookKey).WaitAsync(cancellationToken);
        if (json is not null && TryOpen(json) is { } shared)
        {
            return shared;
        }

        // Only where no key has ever been are there subscriptions without one.
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

    /// <summary>Whether the leader has said lately that it holds a subscription.</summary>
    private async Task<bool> HasSubscriptionsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var health = await accounts.ListHealthAsync(cancellationToken);
            return health.Any(account => account.Subscription.ExpiresAt > time.GetUtcNow());
        }
        catch (JsonException)
        {
            // As good as none: their notifications are refused, and polls find the changes.
            return false;
        }
    }

    private WebhookKey? TryOpen(byte[] json)
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
            // As good as no key.
            return null;
        }
    }
}
