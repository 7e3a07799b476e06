using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using PresenceHub.Server.Ingest.Subscriptions;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The connected accounts and how they do, shared by all nodes.</summary>
/// <remarks>Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be reached.</remarks>
internal sealed class AccountRegistry(IConnectionMultiplexer redis, IngestKeys keys, TimeProvider time)
{
    /// <summary>What a leader said that is gone for long says nothing any more.</summary>
    private static readonly TimeSpan HealthLifetime = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<ConnectedAccount>> ListAsync(CancellationToken cancellationToken) =>
        await ListAsync(keys.Accounts, AccountJson.Default.ConnectedAccount, cancellationToken);

    public async Task<ConnectedAccount?> TryGetAsync(Guid userId, CancellationToken cancellationToken) =>
        Read(await redis.GetDatabase().HashGetAsync(keys.Accounts, Field(userId)).WaitAsync(cancellationToken), AccountJson.Default.ConnectedAccount);

    public Task PutAsync(ConnectedAccount account, CancellationToken cancellationToken) => redis.GetDatabase()
        .HashSetAsync(keys.Accounts, Field(account.UserId), JsonSerializer.SerializeToUtf8Bytes(account, AccountJson.Default.ConnectedAccount))
        .WaitAsync(cancellationToken);

    public Task RemoveAsync(Guid userId, CancellationToken cancellationToken) =>
        redis.GetDatabase().HashDeleteAsync(keys.Accounts, Field(userId)).WaitAsync(cancellationToken);

    public async Task<IReadOnlyList<AccountHealth>> ListHealthAsync(CancellationToken cancellationToken) =>
        await ListAsync(keys.AccountHealth, AccountJson.Default.AccountHealth, cancellationToken);

    /// <summary>Replaces what was said before.</summary>
    public async Task PutHealthAsync(IEnumerable<(Guid UserId, SubscriptionHealth Subscription)> accounts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        HashEntry[] fields =
        [
            .. accounts.Select(account => new HashEntry(
                Field(account.UserId),
                JsonSerializer.SerializeToUtf8Bytes(new AccountHealth(account.UserId, account.Subscription, now), AccountJson.Default.AccountHealth))),
        ];
        var transaction = redis.GetDatabase().CreateTransaction();
        _ = transaction.KeyDeleteAsync(keys.AccountHealth);
        if (fields.Length > 0)
        {
            _ = transaction.HashSetAsync(keys.AccountHealth, fields);
            _ = transaction.KeyExpireAsync(keys.AccountHealth, HealthLifetime);
        }

        await transaction.ExecuteAsync().WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(RedisKey key, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var fields = await redis.GetDatabase().HashGetAllAsync(key).WaitAsync(cancellationToken);
        return [.. fields.Select(field => Read(field.Value, type)).OfType<T>()];
    }

    private static T? Read<T>(RedisValue json, JsonTypeInfo<T> type)
        where T : class => (byte[]?)json is { } bytes ? JsonSerializer.Deserialize(bytes, type) : null;

    private static RedisValue Field(Guid userId) => userId.ToString("D");
}
