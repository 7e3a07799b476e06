using PresenceHub.FunctionalTests.Store;
using PresenceHub.Testing;

namespace PresenceHub.FunctionalTests.Hosting;

/// <summary>A whole server that hears nothing any more, though its Redis answers everything.</summary>
public sealed class DeafNodeTests
{
    [Fact]
    public async Task Ready_AnnouncementsDoNotComeAnyMore_SaysSoCountsItAndIsReadyAgainByItself()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        await using var proxy = new DeafeningProxy(redis.Port);
        await using var server = await HubServer.StartAsync(new Dictionary<string, string> { ["Redis__ConnectionString"] = proxy.ConnectionString });

        proxy.StaysDeaf = true;
        proxy.Deafen();

        await server.WaitForHealthAsync("/health/ready", healthy: false);
        using var ready = await server.Http.GetAsync("/health/ready");
        Assert.Contains("announcements of the store do not reach this node", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await server.OutputLineAsync("Announcements of the store do not reach this node");
        var answer = await Eventually.GetAsync(() => server.Http.GetStringAsync("/metrics"), text => text.Contains("presencehub_mirror_probes_lost", StringComparison.Ordinal));
        Assert.Matches("presencehub_mirror_probes_lost_total.* [1-9]", answer);
        proxy.StaysDeaf = false;
        await server.OutputLineAsync("Announcements of the store reach this node again");
        await server.WaitForHealthAsync("/health/ready");
        await redis.DisposeAsync();
    }

    [Fact]
    public async Task Ready_SubscriptionLinkIsABlackHole_SaysSoAndIsReadyAgainByItself()
    {
        var redis = new RedisServer();
        await redis.StartAsync();
        await using var proxy = new DeafeningProxy(redis.Port);
        await using var server = await HubServer.StartAsync(new Dictionary<string, string> { ["Redis__ConnectionString"] = proxy.ConnectionString });

        proxy.Swallow();

        await server.OutputLineAsync("Announcements of the store do not reach this node");
        await server.OutputLineAsync("Announcements of the store reach this node again");
        await server.WaitForHealthAsync("/health/ready");
        await redis.DisposeAsync();
    }
}
