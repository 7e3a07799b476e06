using PresenceHub.Server.Control;
using PresenceHub.Testing.Reference;
using StackExchange.Redis;

namespace PresenceHub.Verification.Simulation;

/// <summary>The server of one partition, and its replica, which takes over with what it has received so far.</summary>
internal sealed class SimulatedShard
{
    private readonly ReferenceServer _server;
    private readonly int _partition;
    private ReferencePartition _replica = new();

    public SimulatedShard(int partition, Scene scene, Func<TimeSpan, long> tick, Action<int, string> publish)
    {
        _partition = partition;
        _server = new ReferenceServer(new RedisNames(), scene.Options)
        {
            Instance = string.Empty,
            Now = () => tick(ClockOffset),
            Publish = publish,
        };
    }

    /// <summary>The first key of every script of the partition.</summary>
    public RedisKey Meta => _server.Keys.Meta(_partition);

    public TimeSpan ClockOffset { get; set; }

    public ReferencePartition Data
    {
        get => _server.Partitions[_partition];
        set => _server.Partitions[_partition] = value;
    }

    /// <summary>What the replica would take over with.</summary>
    public ReferencePartition ReplicatedData => _replica.Copy();

    public void Replicate() => _replica = Data.Copy();

    public void Become(string instance, ReferencePartition data, TimeSpan clockOffset) =>
        (_server.Instance, Data, ClockOffset) = (instance, data, clockOffset);

    public RedisResult Evaluate(RedisKey[] keys, RedisValue[] arguments) => _server.Evaluate(keys, arguments);
}
