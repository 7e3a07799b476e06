using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>The channels on which changes are announced. On a cluster they are sharded: a channel is on the server of
/// its partition.</summary>
internal sealed class StoreChannels(IConnectionMultiplexer redis, StoreKeys keys)
{
    private volatile bool _isCluster;

    public RedisValue PublishCommand => IsCluster ? "SPUBLISH" : "PUBLISH";

    // Asked again while false: before the first connection the type of the server is unknown.
    public bool IsCluster =>
        _isCluster || (_isCluster = redis.GetServers().Any(server => server.ServerType is ServerType.Cluster));

    public RedisChannel Of(int partition) => Create(keys.Changes(partition));

    /// <summary>The channel of a node's own probes, beside the channel of a partition.</summary>
    public RedisChannel OfProbe(int partition, string node) => Create(keys.Probe(partition, node));

    /// <summary>
    /// Subscribes, whatever state the Redis library reports. The queue of an earlier attempt is dropped first, because
    /// it would gather messages that are never read.
    /// </summary>
    /// <exception cref="RedisException">The server cannot be reached.</exception>
    /// <exception cref="TimeoutException">The server does not answer.</exception>
    public async Task<bool> SubscribeAsync(RedisChannel channel, Action<RedisValue> receive)
    {
        await TryUnsubscribeAsync(channel);
        var queue = await redis.GetSubscriber().SubscribeAsync(channel);
        queue.OnMessage(message => receive(message.Message));
        return true;
    }

    /// <summary>Drops all subscriptions to a channel, in the library and at the server.</summary>
    private async Task TryUnsubscribeAsync(RedisChannel channel)
    {
        try
        {
            await redis.GetSubscriber().UnsubscribeAsync(channel);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Subscribe in any case. A server that has kept the subscription sends twice, which is harmless.
        }
    }

    private RedisChannel Create(string name) => IsCluster ? RedisChannel.Sharded(name) : RedisChannel.Literal(name);
}
