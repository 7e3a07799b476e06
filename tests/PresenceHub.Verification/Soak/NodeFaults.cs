namespace PresenceHub.Verification.Soak;

/// <summary>What can happen to a node.</summary>
internal static class NodeFaults
{
    public static IReadOnlyList<Fault> Of(SoakHub hub) =>
        [new Fault("node: killed", FaultPlace.Node, async (random, cancellationToken) =>
            {
                var node = Any(hub, random);
                await node.KillAsync();
                await Task.Delay(TimeSpan.FromSeconds(random.NextDouble()), TimeProvider.System, cancellationToken);
                await StartAsync(hub, node);
            }), new Fault("node: drained", FaultPlace.Node, async (random, _) =>
            {
                var node = Any(hub, random);
                var draining = node.DrainAsync();
                hub.Balance();
                await draining;
                await StartAsync(hub, node);
            }), new Fault("node: frozen", FaultPlace.Node, async (random, cancellationToken) =>
            {
                var node = Any(hub, random);
                await node.FreezeAsync();
                await Task.Delay(
                    TimeSpan.FromSeconds(0.5 + (2 * random.NextDouble())),
                    TimeProvider.System,
                    cancellationToken
                );
                await node.ThawAsync();
            })];

    private static SoakNode Any(SoakHub hub, Random random) => hub.Nodes[random.Next(hub.Nodes.Count)];

    private static async Task StartAsync(SoakHub hub, SoakNode node)
    {
        await node.StartAsync();
        hub.Balance();
    }
}
