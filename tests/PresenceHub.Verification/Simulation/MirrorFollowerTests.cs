using PresenceHub.Server.Control;
using PresenceHub.Testing.Reference;

namespace PresenceHub.Verification.Simulation;

public sealed class MirrorFollowerTests
{
    [Fact]
    public async Task Receive_MessageOfALaterEpoch_IsToldToAServerThatLostIt()
    {
        var scene = new Scene(new Random(1), Flaw.None, Trace: null);
        var server = new ReferenceServer(new RedisNames(), scene.Options) { Instance = "server", Now = () => 100 };
        var node = new SimulatedNode("node", TimeSpan.Zero, scene, new SimulatedRedis(scene), (keys, arguments) =>
            Task.FromResult(server.Evaluate(keys, arguments))
        );
        await node.Store.ReadAsync(0, [], CancellationToken.None);

        node.Follower.Receive(
            0,
            "1\t2000000\t1\t3000000\n11111111-2222-3333-4444-555555555555\tBusy\tBusy\t1\t1\t3000000"
        );

        var (epoch, _, clock) = (await node.Store.ReadAsync(0, [], CancellationToken.None)).Position;
        Assert.True(epoch > 2_000_000);
        Assert.True(clock > 3_000_000);
        node.Dispose();
    }
}
