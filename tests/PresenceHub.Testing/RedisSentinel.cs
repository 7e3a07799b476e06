using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace PresenceHub.Testing;

/// <summary>A master, a replica and a Sentinel that promotes the replica some seconds after the master's
/// death.</summary>
internal sealed class RedisSentinel : IAsyncDisposable
{
    private const string Service = "hub";
    private static readonly TimeSpan ReplicateTimeout = TimeSpan.FromSeconds(30);

    private readonly string _configuration = Path.GetTempFileName();
    private RedisServer _sentinel = null!;

    public RedisServer Master { get; private set; } = new();

    public RedisServer Replica { get; private set; } = null!;

    public string ConnectionString => $"{_sentinel.ConnectionString},serviceName={Service}";

    public static async Task<RedisSentinel> StartAsync()
    {
        var sentinel = new RedisSentinel();
        await sentinel.StartAllAsync();
        return sentinel;
    }

    /// <summary>Cuts replication, so that what is written from now on is acknowledged and lost with the
    /// master.</summary>
    public async Task StopReplicationAsync()
    {
        // It continues as a replica of a server that does not exist.
        await ReplicateAsync(Replica, FreePorts.Take());
    }

    /// <summary>Waits until the replica has taken the place of the dead master, and brings that back as its
    /// replica.</summary>
    public async Task FailOverAsync()
    {
        using var timeout = new CancellationTokenSource(ReplicateTimeout);
        await WaitForPromotionAsync(timeout.Token);
        await Master.StartAsync();
        (Master, Replica) = (Replica, Master);

        // The Sentinel would do it too, after some ten seconds.
        await ReplicateAsync(Replica, Master.Port);
        await WaitForReplicationAsync(Master, "state=online", timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _sentinel.DisposeAsync();
        await Replica.DisposeAsync();
        await Master.DisposeAsync();
        File.Delete(_configuration);
    }

    private async Task StartAllAsync()
    {
        await Master.StartAsync();
        var masterPort = Master.Port.ToString(CultureInfo.InvariantCulture);
        Replica = new RedisServer("--replicaof", $"127.0.0.1 {masterPort}");
        await Replica.StartAsync();

        // It looks, asks and connects again once a second, and a server that is promoted ends its connections: with one
        // second it took those for dead that it had just promoted, and gave up promotions that it had only not seen
        // yet.
        await File.WriteAllTextAsync(
            _configuration,
            $"""
            sentinel monitor {Service} 127.0.0.1 {masterPort} 1
            sentinel down-after-milliseconds {Service} 2500
            sentinel failover-timeout {Service} 5000

            """
        );
        _sentinel = RedisServer.Sentinel(_configuration);
        await _sentinel.StartAsync();
        using var timeout = new CancellationTokenSource(ReplicateTimeout);
        await WaitForReplicationAsync(Master, "state=online", timeout.Token);
    }

    /// <summary>Until the Sentinel itself goes by the new master, of which it tells others.</summary>
    private async Task WaitForPromotionAsync(CancellationToken cancellationToken)
    {
        await using var sentinel = await ConnectionMultiplexer.SentinelConnectAsync(_sentinel.ConnectionString);
        while (
            await sentinel.GetServers()[0].SentinelGetMasterAddressByNameAsync(Service) is not IPEndPoint master
            || master.Port != Replica.Port
        )
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task ReplicateAsync(RedisServer replica, int masterPort)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(
            replica.ConnectionString + ",allowAdmin=true"
        );
        await connection
            .GetServers()[0]
            .ExecuteAsync("REPLICAOF", "127.0.0.1", masterPort.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task WaitForReplicationAsync(
        RedisServer server,
        string state,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                // A server that changes its role ends the connections it has.
                await using var connection = await ConnectionMultiplexer.ConnectAsync(
                    server.ConnectionString + ",allowAdmin=true"
                );
                if (
                    (await connection.GetServers()[0].InfoRawAsync("replication"))!.Contains(
                        state,
                        StringComparison.Ordinal
                    )
                )
                {
                    return;
                }
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                // It will be asked again.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}
