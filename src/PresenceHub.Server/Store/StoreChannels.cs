using StackExchange.Redis;

namespace PresenceHub.Server.Store;

/// <summary>How changes are announced: on a cluster by sharded pub/sub, where a channel lives with the keys of its partition.</summary>
internal sealed class StoreChannels(IConnectionMultiplexer redis, StoreKeys keys)
{
    public RedisValue PublishCommand => IsCluster ? "SPUBLISH" : "PUBLISH";

    // Asked each time: before the first connection nothing is known of the server.
    private bool IsCluster => redis.GetServers().Any(server => server.ServerType is ServerType.Cluster);

    public RedisChannel Of(int partition) => IsCluster ? RedisChannel.Sharded(keys.Changes(partition)) : RedisChannel.Literal(keys.Changes(partition));
}
