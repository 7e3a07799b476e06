using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>How changes are announced: on a cluster by sharded pub/sub, where a channel lives with the keys of its
/// partition.</summary>
internal sealed class StoreChannels(IConnectionMultiplexer redis, StoreKeys keys)
{
    private volatile bool _isCluster;

    public RedisValue PublishCommand => IsCluster ? "SPUBLISH" : "PUBLISH";

    // Asked until it is one: before the first connection nothing is known of the server.
    public bool IsCluster =>
        _isCluster || (_isCluster = redis.GetServers().Any(server => server.ServerType is ServerType.Cluster));

    public RedisChannel Of(int partition) => Create(keys.Changes(partition));

    /// <summary>A node's own channel beside the changes of a partition.</summary>
    public RedisChannel OfProbe(int partition, string node) => Create(keys.Probe(partition, node));

    /// <summary>
    /// Subscribes again, whatever the Redis library believes. What an attempt that failed has left behind is dropped
    /// first: it would gather messages that nothing reads.
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

    /// <summary>Forgets all that is held of a channel, here and at the server where that answers.</summary>
    private async Task TryUnsubscribeAsync(RedisChannel channel)
    {
        try
        {
            await redis.GetSubscriber().UnsubscribeAsync(channel);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Subscribe again in any case: a server that has kept the subscription sends twice, which is harmless.
        }
    }

    private RedisChannel Create(string name) => IsCluster ? RedisChannel.Sharded(name) : RedisChannel.Literal(name);
}
