using PresenceHub.Testing;

namespace PresenceHub.Verification.Soak;

/// <summary>A master and a replica that change places: what the master acknowledged last is lost.</summary>
internal sealed class SentinelStore : SoakStore
{
    private RedisSentinel _sentinel = null!;

    public override string ConnectionString => _sentinel.ConnectionString;

    public override IReadOnlyList<Fault> Faults =>
        [new Fault("redis: failover, writes lost", FaultPlace.Store, async (random, cancellationToken) =>
            {
                await _sentinel.StopReplicationAsync();
                await WaitAsync(0.5, 1.5, random, cancellationToken);
                await _sentinel.Master.KillAsync();
                await _sentinel.FailOverAsync();
            })];

    protected override IReadOnlyList<RedisServer> Servers => [_sentinel.Master, _sentinel.Replica];

    public override async Task StartAsync(int nodes) => _sentinel = await RedisSentinel.StartAsync();

    public override async ValueTask DisposeAsync() => await _sentinel.DisposeAsync();
}
