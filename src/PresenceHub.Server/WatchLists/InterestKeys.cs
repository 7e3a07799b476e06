using PresenceHub.Server.Control;
using StackExchange.Redis;

namespace PresenceHub.Server.WatchLists;

/// <summary>Names of what is kept about interest.</summary>
internal sealed class InterestKeys(RedisNames names)
{
    private readonly string _prefix = names.KeyPrefix;
    private readonly string _channelPrefix = names.ChannelPrefix + names.KeyPrefix;

    /// <summary>Set: the ids of the nodes with interest. The node that reads them removes dead ones.</summary>
    public RedisKey Nodes => $"{_prefix}:interest:nodes";

    /// <summary>
    /// Channel: subjects to read from Graph soon, 16 bytes each. An additional byte says that a node watches them from
    /// now on.
    /// </summary>
    public RedisChannel Refreshes => RedisChannel.Literal($"{_channelPrefix}:wanted");

    /// <summary>Hash: the usage of a watcher on each node, by node id (<see cref="OtherUsage"/>). Expires a minute
    /// after the last update.</summary>
    public RedisKey Usage(string watcher) => $"{_prefix}:usage:{watcher}";

    /// <summary>Channel: subjects that Graph does not know, 16 bytes each; eight bytes more are the age of a repeated
    /// answer in milliseconds.</summary>
    public RedisChannel Unknown => RedisChannel.Literal($"{_channelPrefix}:unknown");

    /// <summary>Set: the subjects watched on a node, 16 bytes each. Expires with the node's lease.</summary>
    public RedisKey Node(string nodeId) => $"{_prefix}:interest:{nodeId}";
}
