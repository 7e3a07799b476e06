using PresenceHub.Testing;

namespace PresenceHub.Verification.Soak;

/// <summary>A Redis Cluster of three masters, one of which fails at a time.</summary>
internal sealed class ClusterStore(double mostFrozenSeconds) : SoakStore
{
    private readonly RedisCluster _cluster = new();

    public override string ConnectionString => _cluster.ConnectionString;

    public override IReadOnlyList<Fault> Faults =>
        [
            Kill("cluster: master killed, data kept", Any, losesData: false),
            Freeze(Any, mostFrozenSeconds) with
            {
                Name = "cluster: master frozen",
            },
        ];

    protected override IReadOnlyList<RedisServer> Servers => _cluster.Masters;

    public override Task StartAsync(int nodes) => _cluster.InitializeAsync();

    public override async ValueTask DisposeAsync() => await _cluster.DisposeAsync();

    private RedisServer Any(Random random) => _cluster.Masters[random.Next(_cluster.Masters.Count)];
}
