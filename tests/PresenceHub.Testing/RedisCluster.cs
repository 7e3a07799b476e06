using System.Diagnostics;
using System.Globalization;
using System.Net;
using StackExchange.Redis;

namespace PresenceHub.Testing;

/// <summary>A Redis Cluster of three masters on loopback.</summary>
public sealed class RedisCluster : IAsyncLifetime
{
    private static readonly TimeSpan FormTimeout = TimeSpan.FromSeconds(30);

    private readonly RedisServer[] _masters;

    public RedisCluster()
        : this(needsAllSlots: true) { }

    /// <param name="needsAllSlots">Whether all masters refuse calls when one is lost, as is Redis' default.</param>
    internal RedisCluster(bool needsAllSlots)
    {
        string[] settings =
        [
            "--cluster-enabled",
            "yes",
            "--cluster-node-timeout",
            "2000",
            "--cluster-require-full-coverage",
            needsAllSlots ? "yes" : "no",
        ];
        _masters = [.. Enumerable.Range(0, 3).Select(_ => new RedisServer(settings))];
    }

    public IReadOnlyList<RedisServer> Masters => _masters;

    public string ConnectionString => string.Join(',', _masters.Select(master => master.ConnectionString));

    public async Task InitializeAsync()
    {
        await Task.WhenAll(_masters.Select(master => master.StartAsync()));
        await RunAsync(["--cluster", "create", .. _masters.Select(master => master.ConnectionString), "--cluster-yes"]);
        using var timeout = new CancellationTokenSource(FormTimeout);
        foreach (var master in _masters)
        {
            while (
                !(
                    await RunAsync(["-p", master.Port.ToString(CultureInfo.InvariantCulture), "cluster", "info"])
                ).Contains("cluster_state:ok", StringComparison.Ordinal)
            )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, timeout.Token);
            }
        }
    }

    public Task DisposeAsync() => Task.WhenAll(_masters.Select(master => master.DisposeAsync()));

    /// <summary>The master that a key is kept on.</summary>
    internal RedisServer OwnerOf(IConnectionMultiplexer connection, RedisKey key)
    {
        var configurations = connection.GetServers().Select(server => server.ClusterConfiguration);
        var configuration = configurations.First(known => known is not null)!;
        var port = ((IPEndPoint)configuration.GetBySlot(connection.HashSlot(key))!.EndPoint!).Port;
        return _masters.First(master => master.Port == port);
    }

    private static async Task<string> RunAsync(string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("redis-cli", arguments) { RedirectStandardOutput = true }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode is 0 ? output : throw new InvalidOperationException($"redis-cli failed: {output}");
    }
}
