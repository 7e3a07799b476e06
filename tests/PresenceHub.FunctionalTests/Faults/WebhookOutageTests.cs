using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Graph goes on posting while Redis is away: it is answered at once, and what it told of is not
/// lost.</summary>
public sealed class WebhookOutageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Notification_WhileRedisIsAway_IsAcceptedAndTakesEffectWhenItIsBack(int seed)
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        await using var graph = await FaultyGraph.StartAsync(
            ownProcess: false,
            ("Redis__ConnectionString", redis.ConnectionString)
        );
        try
        {
            await redis.KillAsync();
            await graph.Server.WaitForHealthAsync("/health/ready", healthy: false);
            var before = await CountsAsync(graph);
            await graph.ChangeAsync(new Random(seed), 20);
            await graph.UntilAsync("Graph has posted", async () =>
                await graph.IsQuietAsync()
                && (await CountsAsync(graph)).GetProperty("accepted").GetInt64()
                    > before.GetProperty("accepted").GetInt64()
            );

            var after = await CountsAsync(graph);
            foreach (var count in new[] { "refusedPosts", "slowPosts", "dropped" })
            {
                Assert.Equal(before.GetProperty(count).GetInt64(), after.GetProperty(count).GetInt64());
            }

            if (seed is 2)
            {
                redis.LoseData();
            }

            await redis.StartAsync();
            await graph.Server.WaitForHealthAsync("/health/ready");
            await graph.ExpectConvergenceAsync();
            await graph.ExpectNoHarmAsync();
        }
        finally
        {
            await redis.DisposeAsync();
        }
    }

    private static async Task<JsonElement> CountsAsync(FaultyGraph graph) =>
        (await graph.Server.Emulator.CountersAsync()).GetProperty("notifications");
}
