using System.Net;
using System.Net.Sockets;
using PresenceHub.Server.Hosting;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Hosting;

public sealed class RedisConfigurationTests
{
    [Fact]
    public async Task CreateConfiguration_ServerIsAway_FailuresDoNotNameTheKey()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(
            RedisServiceCollectionExtensions.CreateConfiguration($"127.0.0.1:{ClosedPort()}")
        );
        var failure = await Assert.ThrowsAsync<RedisConnectionException>(() =>
            redis.GetDatabase().StringGetAsync("tokens:ada")
        );
        Assert.NotEmpty(failure.Message);
        Assert.DoesNotContain("ada", failure.Message, StringComparison.Ordinal);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
