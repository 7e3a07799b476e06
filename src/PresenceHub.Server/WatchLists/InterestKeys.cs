using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>Names of what is kept about interest.</summary>
internal sealed class InterestKeys(IOptions<WatchListOptions> options)
{
    private readonly string _prefix = options.Value.KeyPrefix;
    private readonly string _channelPrefix = options.Value.ChannelPrefix + options.Value.KeyPrefix;

    /// <summary>Set: ids of the nodes that hold interest. Dead ones are removed by the node that reads them.</summary>
    public RedisKey Nodes => $"{_prefix}:interest:nodes";

    /// <summary>
    /// Channel: subjects that should be read from Graph soon, 16 bytes each; a byte more says that a node watches them
    /// from now on.
    /// </summary>
    public RedisChannel Refreshes => RedisChannel.Literal($"{_channelPrefix}:wanted");

    /// <summary>Hash: what a watcher takes on each node, by node id (<see cref="OtherUsage"/>). Expires a minute after
    /// the last of them.</summary>
    public RedisKey Usage(string watcher) => $"{_prefix}:usage:{watcher}";

    /// <summary>Channel: subjects that Graph does not know, 16 bytes each.</summary>
    public RedisChannel Unknown => RedisChannel.Literal($"{_channelPrefix}:unknown");

    /// <summary>Set: the subjects watched on a node, 16 bytes each. Expires with the node's lease.</summary>
    public RedisKey Node(string nodeId) => $"{_prefix}:interest:{nodeId}";
}
