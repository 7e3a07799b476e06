using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PresenceHub.Contracts;
using PresenceHub.Server.Ingest;
using PresenceHub.Server.Store;

namespace PresenceHub.Server.Tests.Ingest;

/// <summary>The way from Graph to the store, over real sockets: emulator, hub and Redis.</summary>
[Trait("Category", "Functional")]
public sealed class IngestFlowTests
{
    private static readonly (string, string) OnlyNotifications = ("Polling:Enabled", "false");
    private static readonly (string, string) OnlyPolling = ("Notifications:Enabled", "false");

    [Fact]
    public async Task Watch_NewSubjects_AreReadAndSubscribedTo()
    {
        await using var host = await IngestHost.StartAsync();
        var people = await host.PeopleAsync(3);
        await host.PinAsync(people[0], "Busy", "InAMeeting");

        host.Watch(people);
        await UntilStoredAsync(host, people);
        Assert.Equal("InAMeeting", (await host.ReadAsync(people[0]))!.Activity);
        await UntilSubscribedAsync(host, 3);
    }

    [Fact]
    public async Task Watch_WhenTheHubIsWarm_IsReadWithinThreeHundredMilliseconds()
    {
        await using var host = await IngestHost.StartAsync();
        var people = await host.PeopleAsync(10);
        host.Watch(people[..5]);
        await UntilStoredAsync(host, people[..5]);

        host.Watch(people[5..]);
        var elapsed = await UntilStoredAsync(host, people[5..]);
        Assert.True(elapsed < TimeSpan.FromMilliseconds(300), $"{elapsed}");
    }

    [Fact]
    public async Task Change_PollingOff_ArrivesByNotification()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        var people = await WatchAsync(host, 3);
        var elapsed = await ChangeAsync(host, people[1]);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
    }

    [Fact]
    public async Task Change_WithASequenceNumber_IsAppliedWithoutReadingGraph()
    {
        await using var host = await IngestHost.StartAsync(emulator => emulator.Switches.SequenceNumberInRichData = true, OnlyNotifications);
        var people = await WatchAsync(host, 3);
        var reads = await ReadsAsync(host);
        var elapsed = await ChangeAsync(host, people[1]);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed}");
        Assert.Equal(reads, await ReadsAsync(host));
    }

    [Theory]
    [InlineData("Notifications:TrustPayload", "Never")]
    [InlineData("Notifications:IncludeResourceData", "false")]
    public async Task Change_PayloadNotTrustedOrNotSent_IsReadFromGraph(string setting, string value)
    {
        await using var host = await IngestHost.StartAsync(emulator => emulator.Switches.SequenceNumberInRichData = true, OnlyNotifications, (setting, value));
        var people = await WatchAsync(host, 3);
        var reads = await ReadsAsync(host);
        await ChangeAsync(host, people[1]);
        Assert.True(await ReadsAsync(host) > reads);
    }

    [Fact]
    public async Task Change_NotificationsOff_ArrivesWithinThePeriod()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling, ("Polling:Period", "00:00:02"));
        var people = await host.PeopleAsync(3);
        host.Watch(people);
        await UntilStoredAsync(host, people);
        var elapsed = await ChangeAsync(host, people[1]);
        Assert.True(elapsed < TimeSpan.FromSeconds(2.2), $"{elapsed}");
        Assert.Empty(await host.SubscriptionsAsync());
    }

    [Fact]
    public async Task Watch_MorePeopleLater_AreTakenIntoTheSubscription()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications, ("Notifications:MinRecreateInterval", "00:00:00.5"));
        var people = await host.PeopleAsync(6);
        host.Watch(people[..3]);
        await UntilSubscribedAsync(host, 3);
        host.Watch(people[3..]);
        await UntilSubscribedAsync(host, 6);
        await ChangeAsync(host, people[5]);
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
        await using var host = await IngestHost.StartAsync(emulator => emulator.Switches.SequenceNumberInRichData = true, OnlyNotifications);
        var people = await WatchAsync(host, 2);
        var reads = await ReadsAsync(host);
        await host.SetFaultsAsync(new { notifications = new Dictionary<string, double> { [flaw] = 1 } });
        await host.PinAsync(people[0], "Busy", "Presenting");
        await IngestHost.UntilAsync("the forged notification is accepted", async () =>
            (await host.CountersAsync()).GetProperty("notifications").GetProperty("accepted").GetInt64() > 0);

        // The next one is in order, and is processed after the forged one was accepted.
        await host.SetFaultsAsync(new { });
        await ChangeAsync(host, people[1]);
        Assert.NotEqual("Presenting", (await host.ReadAsync(people[0]))!.Activity);
        Assert.Equal(reads, await ReadsAsync(host));
    }

    [Fact]
    public async Task Notification_ForAKeyThatThisNodeLacks_IsReadFromGraph()
    {
        await using var host = await IngestHost.StartAsync(emulator => emulator.Switches.SequenceNumberInRichData = true, OnlyNotifications);
        var people = await WatchAsync(host, 2);
        await host.SetFaultsAsync(new { notifications = new { oldCertificateId = 1.0 } });
        await ChangeAsync(host, people[0]);
    }

    [Fact]
    public async Task Notification_OfAnUnknownSubscription_IsAcceptedAndIgnored()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = host.Address };
        var response = await client.PostAsJsonAsync("graph/notifications", new
        {
            value = new[] { new { subscriptionId = Guid.NewGuid(), clientState = "state", resourceData = new { id = Guid.NewGuid() } } },
        });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        response = await client.PostAsJsonAsync("graph/lifecycle", new { value = new[] { new { subscriptionId = Guid.NewGuid(), lifecycleEvent = "missed" } } });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Throttled_RetryAfter_IsHonoured()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling, ("Polling:Period", "00:00:01"));
        var people = await host.PeopleAsync(20);
        host.Watch(people);
        await UntilStoredAsync(host, people);
        await host.SetFaultsAsync(new { requests = new[] { new { operation = "getPresencesByUserId", status = 429, retryAfter = 2, times = 1 } } });
        await ChangeAsync(host, people[0]);
        Assert.All((await host.CountersAsync()).GetProperty("callers").EnumerateArray(), caller => Assert.Equal(0, caller.GetProperty("insideRetryAfter").GetInt64()));
    }

    public static TheoryData<string, object> ReadFaults() => new()
    {
        { "500", new { operation = "getPresencesByUserId", status = 500, times = 5 } },
        { "429 without a wait", new { operation = "getPresencesByUserId", status = 429, times = 2 } },
        { "garbage", new { operation = "getPresencesByUserId", body = "garbage", times = 3 } },
        { "truncated", new { operation = "getPresencesByUserId", body = "truncated", times = 3 } },
        { "cut", new { operation = "getPresencesByUserId", body = "cut", times = 3 } },
        { "no answer", new { operation = "getPresencesByUserId", dropResponse = true, times = 3 } },
        { "no token", new { operation = "token", status = 503, times = 3 } },
    };

    [Theory]
    [MemberData(nameof(ReadFaults))]
    public async Task Read_Fails_ComesRightByItself(string name, object fault)
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling, ("Polling:Period", "00:00:01"));
        await host.SetFaultsAsync(new { requests = new[] { fault } });
        var people = await host.PeopleAsync(5);
        host.Watch(people);
        await UntilStoredAsync(host, people);
        Assert.NotEmpty(name);
    }

    [Fact]
    public async Task Read_Hangs_DoesNotHoldUpOthers()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        var people = await host.PeopleAsync(5);
        host.Watch(people[0]);
        await UntilStoredAsync(host, people[0]);
        await host.SetFaultsAsync(new { requests = new[] { new { operation = "getPresencesByUserId", hang = true, times = 1 } } });
        host.Watch(people[1]);
        await IngestHost.UntilAsync("a read hangs", async () => await ReadsAsync(host) > 1);
        host.Watch(people[2]);
        var elapsed = await UntilStoredAsync(host, people[2]);
        Assert.True(elapsed < TimeSpan.FromSeconds(1), $"{elapsed}");
    }

    [Fact]
    public async Task Read_PersonUnknownToGraph_IsStoredAsUnknown()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyPolling);
        var stranger = new SubjectId(Guid.NewGuid());
        host.Watch(stranger);
        await UntilStoredAsync(host, stranger);
        Assert.False((await host.ReadAsync(stranger))!.IsKnown);
    }

    [Fact]
    public async Task Store_LosesItsData_IsFilledAgain()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        var people = await WatchAsync(host, 5);
        await host.FlushStoreAsync();
        var elapsed = await UntilStoredAsync(host, people);
        Assert.True(elapsed < TimeSpan.FromSeconds(12), $"{elapsed}");
        await ChangeAsync(host, people[2]);
    }

    [Fact]
    public async Task Subscription_CreateFails_IsTriedAgain()
    {
        await using var host = await IngestHost.StartAsync(null, OnlyNotifications);
        object[] faults =
        [
            new { operation = "createSubscription", status = 500, times = 1 }, new { operation = "createSubscription", dropResponse = true, times = 1 },
        ];
        await host.SetFaultsAsync(new { requests = faults });
        await WatchAsync(host, 3);
    }

    [Fact]
    public async Task Leader_Stops_AnotherNodeGoesOn()
    {
        var settings = new[] { OnlyNotifications };
        await using var host = await IngestHost.StartAsync(null, settings);
        var people = await WatchAsync(host, 3);
        await using var other = await host.StartNodeAsync(settings);
        other.Watch(people);
        Assert.False(other.Services.GetRequiredService<Leadership>().IsLeader);

        await host.StopHubAsync();
        await IngestHost.UntilAsync("the other node leads", () => Task.FromResult(other.Services.GetRequiredService<Leadership>().IsLeader));
        await IngestHost.UntilAsync("the subscription is the other node's", async () =>
            await host.SubscriptionsAsync() is [var subscription]
            && subscription.GetProperty("notificationUrl").GetString()!.StartsWith(other.Address.ToString(), StringComparison.Ordinal));
        await ChangeAsync(other, people[1]);
    }

    [Fact]
    public async Task Notification_AtANodeThatDoesNotLead_IsVerifiedThere()
    {
        await using var other = await IngestHost.StartAsync(null, OnlyNotifications);

        // The first node leads; the second has Graph post to the first, which lacks the key of whoever subscribes later.
        var people = await WatchAsync(other, 2);
        await using var host = await other.StartNodeAsync(OnlyNotifications, ("Graph:NotificationUrl", other.Address.ToString()));
        host.Watch(people);
        await other.Services.GetRequiredService<Leadership>().StopAsync(CancellationToken.None);
        await IngestHost.UntilAsync("the second node leads", () => Task.FromResult(host.Services.GetRequiredService<Leadership>().IsLeader));
        await UntilSubscribedAsync(host, 2);
        await host.UntilIdleAsync();
        await ChangeAsync(host, people[0]);
    }

    private static async Task<SubjectId[]> WatchAsync(IngestHost host, int count)
    {
        var people = await host.PeopleAsync(count);
        host.Watch(people);
        await UntilStoredAsync(host, people);
        await UntilSubscribedAsync(host, count);
        await host.UntilIdleAsync();
        return people;
    }

    private static Task<TimeSpan> UntilStoredAsync(IngestHost host, params SubjectId[] people) =>
        IngestHost.UntilAsync("all are stored", async () => (await Task.WhenAll(people.Select(host.ReadAsync))).All(entry => entry is not null));

    private static Task<TimeSpan> UntilSubscribedAsync(IngestHost host, int count) => IngestHost.UntilAsync(
        "all are subscribed to", async () => await host.SubscriptionsAsync() is [var subscription] && subscription.GetProperty("count").GetInt32() == count);

    private static async Task<TimeSpan> ChangeAsync(IngestHost host, SubjectId person)
    {
        await host.PinAsync(person, "DoNotDisturb", "Focusing");
        return await IngestHost.UntilAsync("the change is stored", async () => await host.ReadAsync(person) is StoredEntry { Activity: "Focusing" });
    }

    private static async Task<long> ReadsAsync(IngestHost host)
    {
        var counters = await host.CountersAsync();
        return counters.GetProperty("callers").EnumerateArray()
            .Sum(caller => caller.GetProperty("requests").TryGetProperty("getPresencesByUserId", out var count) ? count.GetInt64() : 0);
    }
}
