using System.Collections.Concurrent;
using System.Text.Json;
using PresenceHub.Server.Ingest.Coverage;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>
/// The records of all subscriptions, shared by all nodes, since any node may receive notifications. Each node caches
/// the records that it used recently. A replaced record is removed from Redis at once, and from the caches of other
/// nodes a little later.
/// </summary>
internal sealed class SubscriptionRegistry(IConnectionMultiplexer redis, IngestKeys keys, TimeProvider time)
{
    /// <summary>
    /// A record takes about 30 kB. When there are more, the oldest are dropped and read again when needed.
    /// </summary>
    internal const int MaxKnown = 512;

    /// <summary>The number of removals that wait for Redis. Further records expire by themselves.</summary>
    private const int MaxObsolete = 1000;

    /// <summary>How long Graph retries a delivery.</summary>
    private static readonly TimeSpan LatestDelivery = TimeSpan.FromHours(4);

    internal static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, (SubscriptionRecord Record, long SeenAt)> _known = new();
    private readonly ConcurrentDictionary<Guid, bool> _obsolete = new();

    /// <summary>The number of cached records.</summary>
    public int KnownCount => _known.Count;

    /// <summary>Makes the record known on this node at once, and on other nodes when Redis has stored it.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task PutAsync(SubscriptionRecord record, CancellationToken cancellationToken)
    {
        Remember(record);
        await redis
            .GetDatabase()
            .StringSetAsync(
                keys.Subscription(record.Id),
                JsonSerializer.SerializeToUtf8Bytes(record, SubscriptionJson.Default.SubscriptionRecord),
                record.ExpiresAt + LatestDelivery - time.GetUtcNow()
            )
            .WaitAsync(cancellationToken);
        await RemoveObsoleteAsync(cancellationToken);
    }

    /// <summary>
    /// Removes the record of a subscription that Graph no longer has. While Redis is away, a later call removes it.
    /// </summary>
    public Task RemoveAsync(Guid subscriptionId, CancellationToken cancellationToken)
    {
        MarkObsolete(subscriptionId);
        return RemoveObsoleteAsync(cancellationToken);
    }

    /// <summary>Removes the record from the cache. The next call removes it from Redis.</summary>
    public void MarkObsolete(Guid subscriptionId)
    {
        _known.TryRemove(subscriptionId, out _);
        if (_obsolete.Count < MaxObsolete)
        {
            _obsolete[subscriptionId] = true;
        }
    }

    /// <summary>Returns null when the record is not in the cache of this node.</summary>
    public SubscriptionRecord? TryGetKnown(Guid subscriptionId) =>
        _known.TryGetValue(subscriptionId, out var known) && time.GetElapsedTime(known.SeenAt) < KnownFor
            ? known.Record
            : null;

    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async ValueTask<SubscriptionRecord?> TryGetAsync(Guid subscriptionId, CancellationToken cancellationToken)
    {
        if (TryGetKnown(subscriptionId) is { } known)
        {
            return known;
        }

        byte[]? json = await redis
            .GetDatabase()
            .StringGetAsync(keys.Subscription(subscriptionId))
            .WaitAsync(cancellationToken);
        if (
            json is null
            || JsonSerializer.Deserialize(json, SubscriptionJson.Default.SubscriptionRecord) is not { } record
        )
        {
            _known.TryRemove(subscriptionId, out _);
            return null;
        }

        Remember(record);
        return record;
    }

    private async Task RemoveObsoleteAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var id in _obsolete.Keys)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await redis.GetDatabase().KeyDeleteAsync(keys.Subscription(id)).WaitAsync(cancellationToken);
                _obsolete.TryRemove(id, out _);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // The record stays until a later call and does no harm.
        }
    }

    private void Remember(SubscriptionRecord record)
    {
        _known[record.Id] = (record, time.GetTimestamp());
        foreach (var (id, known) in _known)
        {
            if (time.GetElapsedTime(known.SeenAt) >= KnownFor)
            {
                _known.TryRemove(id, out _);
            }
        }

        foreach (var (id, _) in _known.OrderBy(known => known.Value.SeenAt).Take(_known.Count - MaxKnown))
        {
            _known.TryRemove(id, out _);
        }
    }
}
