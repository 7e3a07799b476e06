using PresenceHub.Benchmarks.Peers;
using PresenceHub.Benchmarks.Systems;

namespace PresenceHub.Benchmarks.Cases;

/// <summary>A system that a case compares, to be started when its turn comes.</summary>
internal sealed record Contestant(string Name, Func<Tenant, Task<SystemUnderTest>> StartAsync)
{
    public const string Hub = "hub";
    public const string Against = "hub-against";

    /// <summary>Ends the name of a hub that takes notifications itself.</summary>
    public const string WholeSuffix = "-whole";

    /// <summary>What the two kinds of hub do, for readers.</summary>
    public const string WholeSetup = """
        "hub" fans out what another process applies to Redis; "hub-whole" also receives the notifications, decrypts and
        stores them.
        """;

    /// <summary>The hub, and the earlier build where one is given.</summary>
    public static IEnumerable<Contestant> Hubs(RunSettings settings, HubSetup setup, string suffix = "")
    {
        yield return new(Hub + suffix, async tenant =>
            await HubSystem.StartAsync(Hub + suffix, settings.Server, setup, tenant)
        );
        if (settings.Against is { } against)
        {
            yield return new(Against + suffix, async tenant =>
                await HubSystem.StartAsync(Against + suffix, against, setup, tenant)
            );
        }
    }

    /// <summary>Both kinds of hub, and the work named for each.</summary>
    public static IEnumerable<(string Hub, string Work)> HubKinds(string work) =>
        [(Hub, work), (Hub + WholeSuffix, work + ", notifications taken by the same node")];

    public static Contestant Stock { get; } = Peer(PeerProgram.Stock, 1);

    public static Contestant Raw { get; } = Peer(PeerProgram.Raw, 1);

    public static Contestant Peer(string kind, int nodes) =>
        new(kind, async tenant => await PeerSystem.StartAsync(kind, nodes, tenant));

    /// <summary>
    /// A B B A …: each system is first and last equally often, so that a drift of the machine hits all alike.
    /// </summary>
    public static IEnumerable<T> Interleave<T>(IReadOnlyList<T> contestants, int repeats) =>
        Enumerable.Range(0, repeats).SelectMany(repeat => repeat % 2 is 0 ? contestants : contestants.Reverse());
}
