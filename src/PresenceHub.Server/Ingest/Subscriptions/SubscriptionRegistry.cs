using System.Collections.Concurrent;
using System.Text.Json;
using StackExchange.Redis;

namespace PresenceHub.Server.Ingest.Subscriptions;

/// <summary>The subscriptions of the hub, shared by all nodes: any of them may get the notifications.</summary>
internal sealed class SubscriptionRegistry(IConnectionMultiplexer redis, IngestKeys keys, TimeProvider time)
{
    /// <summary>So long Graph may try to deliver.</summary>
    private static readonly TimeSpan LatestDelivery = TimeSpan.FromHours(4);

    private readonly ConcurrentDictionary<Guid, SubscriptionRecord> _known = new();

    /// <summary>Known on this node at once; on the others when Redis has it.</summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async Task PutAsync(SubscriptionRecord record, CancellationToken cancellationToken)
    {
        Remember(record);
        await redis.GetDatabase()
            .StringSetAsync(keys.Subscription(record.Id), JsonSerializer.SerializeToUtf8Bytes(record, SubscriptionJson.Default.SubscriptionRecord), LifeOf(record))
            .WaitAsync(cancellationToken);
    }

    /// <summary>Null when this node has not seen it yet.</summary>
    public SubscriptionRecord? TryGetKnown(Guid subscriptionId) => _known.GetValueOrDefault(subscriptionId);

    /// <exception cref="RedisException">The server cannot be reached.</exception>
    public async ValueTask<SubscriptionRecord?> TryGetAsync(Guid subscriptionId, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(subscriptionId, out var known))
        {
            return known;
        }

        byte[]? json = await redis.GetDatabase().StringGetAsync(keys.Subscription(subscriptionId)).WaitAsync(cancellationToken);
        if (json is null || JsonSerializer.Deserialize(json, SubscriptionJson.Default.SubscriptionRecord) is not { } record)
        {
            return null;
        }

        Remember(record);
        return record;
    }

    private void Remember(SubscriptionRecord record)
    {
        foreach (var old in _known.Values)
        {
            if (LifeOf(old) <= TimeSpan.Zero)
            {
                _known.TryRemove(old.Id, out _);
            }
        }

        _known[record.Id] = record;
    }

    private TimeSpan LifeOf(SubscriptionRecord record) => record.ExpiresAt + LatestDelivery - time.GetUtcNow();
}
