using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Accounts;

/// <summary>The connected accounts and their health, shared by all nodes.</summary>
/// <remarks>Methods throw <see cref="RedisException"/> or <see cref="TimeoutException"/> when the server cannot be
/// reached.</remarks>
internal sealed class AccountRegistry(IConnectionMultiplexer redis, IngestKeys keys, TimeProvider time)
{
    /// <summary>Reports of a leader that has ended expire.</summary>
    private static readonly TimeSpan HealthLifetime = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<ConnectedAccount>> ListAsync(CancellationToken cancellationToken)
    {
        var fields = await redis.GetDatabase().HashGetAllAsync(keys.Accounts).WaitAsync(cancellationToken);
        return
        [
            .. fields
                .Select(field => Read(field.Value, AccountJson.Default.ConnectedAccount))
                .OfType<ConnectedAccount>(),
        ];
    }

    public async Task<ConnectedAccount?> TryGetAsync(Guid userId, CancellationToken cancellationToken) =>
        Read(
            await redis.GetDatabase().HashGetAsync(keys.Accounts, Field(userId)).WaitAsync(cancellationToken),
            AccountJson.Default.ConnectedAccount
        );

    public Task PutAsync(ConnectedAccount account, CancellationToken cancellationToken) =>
        redis
            .GetDatabase()
            .HashSetAsync(
                keys.Accounts,
                Field(account.UserId),
                JsonSerializer.SerializeToUtf8Bytes(account, AccountJson.Default.ConnectedAccount)
            )
            .WaitAsync(cancellationToken);

    public Task RemoveAsync(Guid userId, CancellationToken cancellationToken) =>
        redis.GetDatabase().HashDeleteAsync(keys.Accounts, Field(userId)).WaitAsync(cancellationToken);

    public async Task<IReadOnlyList<AccountHealth>> ListHealthAsync(CancellationToken cancellationToken) =>
        Read(
            await redis.GetDatabase().StringGetAsync(keys.AccountHealth).WaitAsync(cancellationToken),
            AccountJson.Default.AccountHealthArray
        ) ?? [];

    /// <summary>Replaces the previous report.</summary>
    public async Task PutHealthAsync(
        IEnumerable<(Guid UserId, SubscriptionHealth Subscription)> accounts,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        AccountHealth[] health =
        [
            .. accounts.Select(account => new AccountHealth(account.UserId, account.Subscription, now)),
        ];
        await redis
            .GetDatabase()
            .StringSetAsync(
                keys.AccountHealth,
                JsonSerializer.SerializeToUtf8Bytes(health, AccountJson.Default.AccountHealthArray),
                HealthLifetime
            )
            .WaitAsync(cancellationToken);
    }

    private static T? Read<T>(RedisValue json, JsonTypeInfo<T> type)
        where T : class => (byte[]?)json is { } bytes ? JsonSerializer.Deserialize(bytes, type) : null;

    private static RedisValue Field(Guid userId) => userId.ToString("D");
}
