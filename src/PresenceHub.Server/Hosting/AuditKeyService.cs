using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.Hosting;

/// <summary>Shares one key for the hashes of audit lines between all nodes, unless the operator has set one.</summary>
internal sealed class AuditKeyService(Audit audit, IConnectionMultiplexer redis, RedisNames names, TimeProvider time)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>String: the key. No expiry.</summary>
    private static RedisKey KeyOf(RedisNames names) => $"{names.KeyPrefix}:audit-key";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!audit.HasConfiguredKey)
        {
            await Task.Delay(await TryShareOnceAsync(stoppingToken) ? Period : RetryDelay, time, stoppingToken);
        }
    }

    private async Task<bool> TryShareOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            // After Redis has lost its data, the first node that gets here writes its key again.
            var key = KeyOf(names);
            await redis.GetDatabase().StringSetAsync(key, audit.Key, when: When.NotExists).WaitAsync(cancellationToken);
            if (
                (string?)await redis.GetDatabase().StringGetAsync(key).WaitAsync(cancellationToken) is
                { Length: > 0 } shared
            )
            {
                audit.Key = shared;
            }

            return true;
        }
        catch (Exception exception) when (exception is RedisException or RedisCommandException or TimeoutException)
        {
            // Until it succeeds, this node uses its own key. The store logs that Redis is away.
            return false;
        }
    }
}
