using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using StackExchange.Redis;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>The way from Graph to the store, over real sockets: emulator, hub and Redis.</summary>
[Trait("Category", "Functional")]
public sealed class IngestFlowTests
{
    private const int NotificationsNotProcessed = 1030;

    private static readonly (string, string) OnlyNotifications = ("Polling:Enabled", "false");
    private static readonly (string, string) OnlyPolling = ("Notifications:Enabled", "false");

    [Fact]
    public async Task Watch_NewSubjects_AreReadAndSubscribedTo()
    {
        await using var host = await IngestHost.StartAsync();
        var people = await host.PeopleAsync(3);
        await host.PinAsync(people[0], "Busy", "InAMeeting");

        host.Watch(people);
        await host.UntilStoredAsync(people);
        Assert.Equal("InAMeeting", (await host.ReadAsync(people[0]))!.Activity);
        await host.UntilSubscribedAsync(3);
    }

    [Fact]
    public async Task Watch_WhenTheHubIsWarm_IsReadLongBeforeThePeriod()
    {
        await using var host = await IngestHost.StartAsync();
        var people = await host.PeopleAsync(10);
        host.Watch(people[..5]);
        await host.UntilStoredAsync(people[..5]);

        host.Watch(people[5..]);
        var elapsed = await host.UntilStoredAsync(people[5..]);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
    }

    [Fact]
    public async Task Change_PollingOff_ArrivesByNotification()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        var people = await host.WatchAsync(3);
        var elapsed = await host.ChangeAsync(people[1]);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
    }

    [Fact]
    public async Task Change_StoreCannotTakeIt_IsKeptUntilItCan()
    {
        await using var host = await IngestHost.StartAsync(
            emulator => emulator.Switches.SequenceNumberInRichData = true,
            OnlyNotifications
        );
        var people = await host.WatchAsync(3);
        var redis = host.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        await redis.ExecuteAsync("ACL", "SETUSER", "default", "-hset");

        await host.PinAsync(people[1], "DoNotDisturb", "Focusing");
        await IngestHost.UntilAsync("the store has refused it", () =>
            Task.FromResult(host.IsLogged(NotificationsNotProcessed))
        );
        await redis.ExecuteAsync("ACL", "SETUSER", "default", "+hset");

        await IngestHost.UntilAsync("the change is stored", async () =>
            await host.ReadAsync(people[1]) is StoredEntry { Activity: "Focusing" }
        );
    }

    [Fact]
    public async Task Change_WithASequenceNumber_IsAppliedWithoutReadingGraph()
    {
        await using var host = await IngestHost.StartAsync(
            emulator => emulator.Switches.SequenceNumberInRichData = true,
            OnlyNotifications
        );
        var people = await host.WatchAsync(3);
        var reads = await host.ReadsAsync();
        var elapsed = await host.ChangeAsync(people[1]);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
        Assert.Equal(reads, await host.ReadsAsync());
    }

    [Theory]
    [InlineData("Notifications:TrustPayload", "Never")]
    [InlineData("Notifications:IncludeResourceData", "false")]
    public async Task Change_PayloadNotTrustedOrNotSent_IsReadFromGraph(string setting, string value)
    {
        await using var host = await IngestHost.StartAsync(
            emulator => emulator.Switches.SequenceNumberInRichData = true,
            OnlyNotifications,
            (setting, value)
        );
        var people = await host.WatchAsync(3);
        var reads = await host.ReadsAsync();
        await host.ChangeAsync(people[1]);
        Assert.True(await host.ReadsAsync() > reads);
    }

    [Fact]
    public async Task Change_NotificationsOff_ArrivesWithinThePeriod()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling, ("Polling:Period", "00:00:02"));
        var people = await host.PeopleAsync(3);
        host.Watch(people);
        await host.UntilStoredAsync(people);
        var elapsed = await host.ChangeAsync(people[1]);
        Assert.True(elapsed < TimeSpan.FromSeconds(5), $"{elapsed}");
        Assert.Empty(await host.SubscriptionsAsync());
    }

    [Fact]
    public async Task Watch_MorePeopleLater_AreTakenIntoTheSubscription()
    {
        await using var host = await IngestHost.StartAsync(
            null,
            OnlyNotifications,
            ("Notifications:MinRecreateInterval", "00:00:00.5")
        );
        var people = await host.PeopleAsync(6);
        host.Watch(people[..3]);
        await host.UntilSubscribedAsync(3);
        host.Watch(people[3..]);
        await host.UntilSubscribedAsync(6);
        await host.ChangeAsync(people[5]);
    }

    [Theory]
    [InlineData("wrongClientState")]
    [InlineData("wrongPublisher")]
    [InlineData("wrongAudience")]
    [InlineData("unknownKey")]
    [InlineData("noTokens")]
    [InlineData("badSignature")]
    public async Task Notification_Forged_ChangesNothing(string flaw)
    {
        await using var host = await IngestHost.StartAsync(
            emulator => emulator.Switches.SequenceNumberInRichData = true,
            OnlyNotifications
        );
        var people = await host.WatchAsync(2);
        var reads = await host.ReadsAsync();
        await host.SetFaultsAsync(new { notifications = new Dictionary<string, double> { [flaw] = 1 } });
        await host.PinAsync(people[0], "Busy", "Presenting");
        await IngestHost.UntilAsync("the forged notification is accepted", async () =>
            (await host.CountersAsync()).GetProperty("notifications").GetProperty("accepted").GetInt64() > 0
        );

        // The next one is in order, and is processed after the forged one was accepted.
        await host.SetFaultsAsync(new { });
        await host.ChangeAsync(people[1]);
        Assert.NotEqual("Presenting", (await host.ReadAsync(people[0]))!.Activity);
        Assert.Equal(reads, await host.ReadsAsync());
    }

    [Fact]
    public async Task Notification_ForAKeyThatThisNodeLacks_IsReadFromGraph()
    {
        await using var host = await IngestHost.StartAsync(
            emulator => emulator.Switches.SequenceNumberInRichData = true,
            OnlyNotifications
        );
        var people = await host.WatchAsync(2);
        await host.SetFaultsAsync(new { notifications = new { oldCertificateId = 1.0 } });
        await host.ChangeAsync(people[0]);
    }

    [Fact]
    public async Task Notification_OfAnUnknownSubscription_IsAcceptedAndIgnored()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.Address };
        var address = await host
            .Services.GetRequiredService<WebhookKeyStore>()
            .CreateAddressAsync(CancellationToken.None);
        var response = await client.PostAsJsonAsync(
            address.NotificationUrl(string.Empty),
            new
            {
                value = new[]
                {
                    new
                    {
                        subscriptionId = Guid.NewGuid(),
                        clientState = "state",
                        resourceData = new { id = Guid.NewGuid() },
                    },
                },
            }
        );
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        response = await client.PostAsJsonAsync(
            address.LifecycleUrl(string.Empty),
            new { value = new[] { new { subscriptionId = Guid.NewGuid(), lifecycleEvent = "missed" } } }
        );
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Leader_Stops_AnotherNodeGoesOn()
    {
        var settings = new[] { OnlyNotifications };
        await using var host = await IngestHost.StartAsync(null, settings);
        var people = await host.WatchAsync(3);
        await using var other = await host.StartNodeAsync(settings);
        other.Watch(people);
        Assert.False(other.Services.GetRequiredService<Leadership>().IsLeader);

        await host.StopHubAsync();
        await IngestHost.UntilAsync("the other node leads", () =>
            Task.FromResult(other.Services.GetRequiredService<Leadership>().IsLeader)
        );
        await IngestHost.UntilAsync("the subscription is the other node's", async () =>
            await host.SubscriptionsAsync() is [var subscription]
            && subscription
                .GetProperty("notificationUrl")
                .GetString()!
                .StartsWith(other.Address.ToString(), StringComparison.Ordinal)
        );
        await other.ChangeAsync(people[1]);
    }

    [Fact]
    public async Task Notification_AtANodeThatDoesNotLead_IsVerifiedThere()
    {
        await using var other = await IngestHost.StartAsync(null, OnlyNotifications);

        // The first node leads; the second has Graph post to the first, which lacks the key of the node that
        // subscribes later.
        var people = await other.WatchAsync(2);
        await using var host = await other.StartNodeAsync(
            OnlyNotifications,
            ("Graph:NotificationUrl", other.Address.ToString())
        );
        host.Watch(people);
        await other.Services.GetRequiredService<Leadership>().StopAsync(CancellationToken.None);
        await IngestHost.UntilAsync("the second node leads", () =>
            Task.FromResult(host.Services.GetRequiredService<Leadership>().IsLeader)
        );
        await host.UntilSubscribedAsync(2);
        await host.UntilIdleAsync();
        await host.ChangeAsync(people[0]);
    }
}
