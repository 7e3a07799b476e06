using System.Diagnostics;
using PresenceHub.Server.Hosting;
using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;
using StackExchange.Redis;
using Xunit.Abstractions;

namespace PresenceHub.Server.Tests.Hosting;

[Trait("Category", "Functional")]
public sealed class RedisHandshakeTests(RedisServer server, ITestOutputHelper output) : IClassFixture<RedisServer>
{
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("")]
    [InlineData(",connectTimeout=10000")]
    [InlineData(",asyncTimeout=1500,connectTimeout=2000")]
    public async Task Connect_HandshakeTakesFiveSeconds_ConnectsInTheEnd(string settings)
    {
        await using var proxy = new TcpProxy(new Uri($"tcp://127.0.0.1:{server.Port}"));
        proxy.ToClient = new WireFault { Latency = Slowness };
        var configuration = RedisServiceCollectionExtensions.CreateConfiguration(
            $"127.0.0.1:{proxy.Address.Port}{settings}"
        );
        var callTimeout = configuration.AsyncTimeout;
        var begun = Stopwatch.StartNew();

        await using var redis = await Task.Run(() => RedisServiceCollectionExtensions.Connect(configuration));
        await UntilAsync(() => redis.IsConnected && redis.GetSubscriber().IsConnected());
        output.WriteLine($"Connected after {begun.Elapsed}");

        // Calls that Redis does not answer fail as soon as before.
        await UntilAsync(() => configuration.AsyncTimeout == callTimeout);
    }

    [Fact]
    public async Task Connect_ServerComesBackAfterAnOutage_IsFoundAtOnce()
    {
        await using var proxy = new TcpProxy(new Uri($"tcp://127.0.0.1:{server.Port}"));
        var configuration = RedisServiceCollectionExtensions.CreateConfiguration($"127.0.0.1:{proxy.Address.Port}");
        await using var redis = await Task.Run(() => RedisServiceCollectionExtensions.Connect(configuration));
        await UntilAsync(() => redis.IsConnected);
        proxy.Cut();
        await UntilAsync(() => !redis.IsConnected);

        // Attempts that reach the proxy and fail at once make the next ones no rarer.
        var attempts = new CountedAttempts(configuration.ReconnectRetryPolicy);
        configuration.ReconnectRetryPolicy = attempts;
        await UntilAsync(() => attempts.Count >= 12);

        proxy.Mend();
        var begun = Stopwatch.StartNew();
        await UntilAsync(() => redis.IsConnected);
        output.WriteLine($"Found after {begun.Elapsed}");
        Assert.True(begun.Elapsed < TimeSpan.FromSeconds(3), $"found after {begun.Elapsed}");
    }

    private static async Task UntilAsync(Func<bool> holds) =>
        await Eventually.GetAsync(() => Task.FromResult(holds()), held => held);

    private sealed class CountedAttempts(IReconnectRetryPolicy policy) : IReconnectRetryPolicy
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool ShouldRetry(long currentRetryCount, int timeElapsedMillisecondsSinceLastRetry)
        {
            var retries = policy.ShouldRetry(currentRetryCount, timeElapsedMillisecondsSinceLastRetry);
            Interlocked.Add(ref _count, retries ? 1 : 0);
            return retries;
        }
    }
}
