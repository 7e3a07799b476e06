using PresenceHub.Testing;
using PresenceHub.Testing.Proxies;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A whole server that hears nothing any more, though its Redis answers everything.</summary>
public sealed class DeafNodeTests
{
    [Fact]
    public async Task Ready_AnnouncementsDoNotComeAnyMore_SaysSoCountsItAndIsReadyAgainByItself()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        var deafness = new PubSubDeafness();
        await using var proxy = new TcpProxy(new Uri($"tcp://{redis.ConnectionString}"), deafness);
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = proxy.Address.Authority }
        );

        deafness.StaysDeaf = true;
        deafness.Deafen();

        await server.WaitForHealthAsync("/health/ready", healthy: false);
        using var ready = await server.Http.GetAsync("/health/ready");
        Assert.Contains(
            "announcements of the store do not reach this node",
            await ready.Content.ReadAsStringAsync(),
            StringComparison.Ordinal
        );
        await server.OutputLineAsync("Announcements of the store do not reach this node");
        var answer = await Eventually.GetAsync(
            () => server.Http.GetStringAsync("/metrics"),
            text => text.Contains("presencehub_mirror_probes_lost", StringComparison.Ordinal)
        );
        Assert.Matches("presencehub_mirror_probes_lost_total.* [1-9]", answer);
        deafness.StaysDeaf = false;
        await server.OutputLineAsync("Announcements of the store reach this node again");
        await server.WaitForHealthAsync("/health/ready");
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Ready_SubscriptionLinkIsABlackHole_SaysSoAndIsReadyAgainByItself()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        var deafness = new PubSubDeafness();
        await using var proxy = new TcpProxy(new Uri($"tcp://{redis.ConnectionString}"), deafness);
        await using var server = await HubServer.StartInProcessAsync(
            new Dictionary<string, string> { ["Redis__ConnectionString"] = proxy.Address.Authority }
        );

        deafness.Swallow();

        await server.OutputLineAsync("Announcements of the store do not reach this node");
        await server.OutputLineAsync("Announcements of the store reach this node again");
        await server.WaitForHealthAsync("/health/ready");
        await redis.DisposeAsync();
    }
}
