using System.Text;
using System.Text.Json;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Faults;

/// <summary>Others than Graph post to the hub as fast as they can: Graph is answered and heard all the same.</summary>
public sealed class WebhookFloodTests(WebhookFloodTests.OnlyNotifications fixture)
    : IClassFixture<WebhookFloodTests.OnlyNotifications>
{
    private const int Connections = 8;
    private const int PostsBetweenChanges = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("wrong segment", 1)]
    [InlineData("no segment", 2)]
    [InlineData("wrong client state", 3)]
    [InlineData("wrong client state, long bodies", 4)]
    [InlineData("unknown subscriptions", 5)]
    [InlineData("no notifications", 6)]
    [InlineData("empty items", 7)]
    public async Task Notifications_DuringAFlood_AreAllAcceptedAndApplied(string kind, int seed)
    {
        var graph = fixture.Graph;
        var subscription = Assert.Single(await graph.Emulator.SubscriptionsAsync());
        var url = new Uri(subscription.GetProperty("notificationUrl").GetString()!);
        var before = await CountsAsync(graph);
        var applied = await graph.NotificationsAsync("applied");

        await using (var flood = StartFlood(kind, url, subscription.GetProperty("id").GetGuid()))
        {
            using var patience = new CancellationTokenSource(Patience);
            var random = new Random(seed);
            for (var i = 0; i < 5; i++)
            {
                await flood.WaitForAsync(PostsBetweenChanges, patience.Token);
                await graph.ChangeAsync(random, 10);
            }

            await graph.UntilAsync("Graph's posts are answered", graph.IsQuietAsync);
            await graph.ExpectConvergenceAsync();
            Assert.NotEmpty(flood.Answers);
            Assert.DoesNotContain(500, flood.Answers.Keys);
        }

        var after = await CountsAsync(graph);
        foreach (var count in new[] { "refusedPosts", "slowPosts", "dropped" })
        {
            Assert.Equal(before.GetProperty(count).GetInt64(), after.GetProperty(count).GetInt64());
        }

        var accepted = after.GetProperty("accepted").GetInt64() - before.GetProperty("accepted").GetInt64();
        Assert.True(accepted > 0, "Graph posted nothing");
        await graph.UntilAsync("all that was accepted is applied", async () =>
            await graph.NotificationsAsync("applied") - applied >= accepted
        );
        Assert.NotEmpty(graph.Server.Output);
        Assert.DoesNotContain(url.Segments[^1], string.Join('\n', graph.Server.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notifications_LoggedAtTrace_OmitTheSecretUrl()
    {
        await using var graph = await FaultyGraph.StartAsync(
            ownProcess: false,
            ("Polling__Enabled", "false"),
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft", "Trace")
        );
        var url = new Uri(
            Assert.Single(await graph.Emulator.SubscriptionsAsync()).GetProperty("notificationUrl").GetString()!
        );
        await graph.ChangeAsync(new Random(1), 5);
        foreach (var body in new[] { "{", """{"value":[{}]}""" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await graph.Server.Http.PostAsync(url, content);
        }

        await graph.UntilAsync("Graph's posts are answered", graph.IsQuietAsync);
        await graph.ExpectConvergenceAsync();
        Assert.Contains(graph.Server.Output, line => line.StartsWith("dbug", StringComparison.Ordinal));
        Assert.DoesNotContain(url.Segments[^1], string.Join('\n', graph.Server.Output), StringComparison.Ordinal);
    }

    private static WebhookFlood StartFlood(string kind, Uri url, Guid subscriptionId)
    {
        var fixedUrl = new Uri(url, ".");
        var (target, body) = kind switch
        {
            "wrong segment" => (new Uri(url, new string('x', 43)), Body(1)),
            "no segment" => (new Uri(fixedUrl.ToString().TrimEnd('/')), Body(20)),
            "wrong client state" => (url, Body(1)),
            "wrong client state, long bodies" => (url, Body(30)),
            "unknown subscriptions" => (url, WebhookFlood.BodyOf(Guid.NewGuid(), FaultyGraph.TenantId, 1)),
            "no notifications" => (url, Encoding.UTF8.GetBytes($"[{new string(' ', 30_000)}")),
            _ => (url, Encoding.UTF8.GetBytes($$"""{"value":[{{string.Join(',', Enumerable.Repeat("{}", 1000))}}]}""")),
        };
        return new WebhookFlood(target, body, Connections);

        byte[] Body(int items) => WebhookFlood.BodyOf(subscriptionId, FaultyGraph.TenantId, items);
    }

    private static async Task<JsonElement> CountsAsync(FaultyGraph graph) =>
        (await graph.Server.Emulator.CountersAsync()).GetProperty("notifications");

    /// <summary>Without polls only notifications can bring a change; with a sequence number each is applied.</summary>
    public sealed class OnlyNotifications()
        : FaultyGraphFixture(
            true,
            ("Emulator__Switches__SequenceNumberInRichData", "true"),
            ("Polling__Enabled", "false")
        );
}
