using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;
using StackExchange.Redis;

namespace PresenceHub.Verification.Soak;

/// <summary>The Redis under a running hub: one server, or several, and what can happen to it.</summary>
internal abstract class SoakStore : IAsyncDisposable
{
    /// <summary>Where a test finds it, past every proxy.</summary>
    public abstract string ConnectionString { get; }

    /// <summary>The links between nodes and Redis, one per node; none where Redis itself tells nodes where to
    /// connect.</summary>
    public virtual IReadOnlyList<TcpProxy> Links => [];

    /// <summary>Loses messages on those links.</summary>
    public PubSubLoss Loss { get; } = new(":changes");

    /// <summary>What is done to the server itself.</summary>
    public abstract IReadOnlyList<Fault> Faults { get; }

    public abstract Task StartAsync(int nodes);

    /// <summary>Where a node finds it.</summary>
    public virtual string ConnectionStringOf(int node) => ConnectionString;

    public abstract ValueTask DisposeAsync();

    /// <summary>Ends the connections that the nodes hear changes on.</summary>
    public async Task KillPubSubAsync()
    {
        foreach (var server in Servers)
        {
            try
            {
                await using var redis = await ConnectionMultiplexer.ConnectAsync(
                    $"{server.ConnectionString},allowAdmin=true,connectTimeout=1000,asyncTimeout=2000"
                );
                await redis.GetServers()[0].ExecuteAsync("CLIENT", "KILL", "TYPE", "pubsub", "SKIPME", "yes");
            }
            catch (RedisException)
            {
                // It is down itself: so is the link.
            }
            catch (TimeoutException)
            {
                // Frozen: the link is as good as gone.
            }
        }
    }

    protected abstract IReadOnlyList<RedisServer> Servers { get; }

    protected static TimeSpan Between(double fromSeconds, double toSeconds, Random random) =>
        TimeSpan.FromSeconds(fromSeconds + ((toSeconds - fromSeconds) * random.NextDouble()));

    protected static Task WaitAsync(
        double fromSeconds,
        double toSeconds,
        Random random,
        CancellationToken cancellationToken
    ) => Task.Delay(Between(fromSeconds, toSeconds, random), TimeProvider.System, cancellationToken);

    protected static Fault Kill(string name, Func<Random, RedisServer> choose, bool losesData) =>
        new(name, FaultPlace.Store, async (random, cancellationToken) =>
        {
            var server = choose(random);
            await server.KillAsync();
            if (losesData)
            {
                server.LoseData();
            }

            await WaitAsync(0, 1.5, random, cancellationToken);
            await server.StartAsync();
        });

    protected static Fault Freeze(Func<Random, RedisServer> choose, double mostSeconds) =>
        new("redis: frozen", FaultPlace.Store, async (random, cancellationToken) =>
        {
            var server = choose(random);
            await server.FreezeAsync();
            try
            {
                await WaitAsync(0.5, mostSeconds, random, cancellationToken);
            }
            finally
            {
                await server.ThawAsync();
            }
        });
}
