using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PresenceHub.GraphEmulator.Notifications;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

[Trait("Category", "Functional")]
public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = TestClock.Create();
    private EmulatorFixture _emulator = null!;
    private NotificationListener _listener = null!;
    private IReadOnlyList<string> _people = [];

    public async Task InitializeAsync()
    {
        var options = EmulatorFixture.Still();
        options.ServiceAccounts = 2;
        _emulator = await EmulatorFixture.StartAsync(options, _time);
        _listener = await NotificationListener.StartAsync();
        _people = await _emulator.PeopleAsync();
        foreach (var person in _people)
        {
            await _emulator.PinAsync(person, "Offline", "OffWork");
        }
    }

    public async Task DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _listener.DisposeAsync();
    }

    [Fact]
    public async Task Change_SeveralSubscriptionsWithOneUrl_ShareThePost()
    {
        await SubscribeAsync();
        await SubscribeAsync(_emulator.Server.ServiceAccountIds[1]);

        await _emulator.PinAsync(_people[0], "Away", "Away");
        await _emulator.PinAsync(_people[1], "Away", "Away");
        var items = await NextAsync();

        Assert.Equal(4, items.Count);
        Assert.Equal(2, items.Select(item => (string?)item!["subscriptionId"]).Distinct().Count());
    }

    [Fact]
    public async Task Change_SamePresenceAgain_TellsNothing()
    {
        await SubscribeAsync();

        await _emulator.PinAsync(_people[0], "Offline", "OffWork");

        Assert.Equal(0, Totals.Queued);
    }

    [Fact]
    public async Task Post_Refused_IsRetriedUntilAccepted()
    {
        await SubscribeAsync();
        var answers = 0;
        _listener.Answer = () => Task.FromResult(Interlocked.Increment(ref answers) < 4 ? 503 : 202);

        await _emulator.PinAsync(_people[0], "Away", "Away");
        await SettleAsync(() => Totals.Accepted == 1);

        Assert.Equal((4, 3), (Totals.Posts, Totals.RefusedPosts));
        var bodies = new[] { await _listener.NextAsync(), await _listener.NextAsync() };
        Assert.Equal(bodies[0], bodies[1]);
    }

    [Fact]
    public async Task Post_RefusedForFourHours_IsDropped()
    {
        await SubscribeAsync();
        _listener.Answer = () => Task.FromResult(500);
        var start = _time.GetUtcNow();

        await _emulator.PinAsync(_people[0], "Away", "Away");
        await SettleAsync(() => Totals.Dropped == 1, TimeSpan.FromMinutes(2));

        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromHours(3.5), TimeSpan.FromHours(8));
        Assert.True(Totals.RefusedPosts > 10);
    }

    [Fact]
    public async Task Post_NoAnswerInTime_IsSlowAndNotRetried()
    {
        await SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _listener.Answer = () => never.Task;

        await _emulator.PinAsync(_people[0], "Away", "Away");
        await _time.AdvanceUntilAsync(Step, () => Totals.SlowPosts == 1);
        never.SetResult(202);
        await _time.AdvanceUntilAsync(Step, () => Totals.Dropped == 1);

        Assert.Equal(1, Totals.Posts);
    }

    [Fact]
    public async Task Switch_RetryAfterNoAnswer_TriesAgain()
    {
        _emulator.Options.Switches.RetryAfterNoAnswer = true;
        await SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _listener.Answer = () => never.Task;

        await _emulator.PinAsync(_people[0], "Away", "Away");
        await _time.AdvanceUntilAsync(Step, () => Totals.SlowPosts == 1);
        never.SetResult(202);

        await SettleAsync(() => Totals.Accepted == 1);
    }

    [Fact]
    public async Task Switch_NoPunishment_KeepsPostingToSlowEndpoints()
    {
        _emulator.Options.Switches.PunishSlowEndpoints = false;
        _emulator.Options.Limits.SlowEndpointMinimumAnswers = 1;
        await SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _listener.Answer = () => never.Task;
        await _emulator.PinAsync(_people[0], "Away", "Away");
        await _time.AdvanceUntilAsync(Step, () => Totals.Dropped == 1);
        never.SetResult(202);

        await _emulator.PinAsync(_people[1], "Away", "Away");

        await SettleAsync(() => Totals.Accepted == 1);
    }

    [Fact]
    public async Task Endpoint_TooOftenSlow_LosesNotificationsForTenMinutes()
    {
        _emulator.Options.Limits.SlowEndpointMinimumAnswers = 1;
        await SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _listener.Answer = () => never.Task;
        await _emulator.PinAsync(_people[0], "Away", "Away");
        await _time.AdvanceUntilAsync(Step, () => Totals.Dropped == 1);
        never.SetResult(202);

        await _emulator.PinAsync(_people[1], "Away", "Away");
        Assert.Equal(2, Totals.Dropped);
        _time.Advance(TimeSpan.FromMinutes(10));
        await _emulator.PinAsync(_people[2], "Away", "Away");
        await SettleAsync(() => Totals.Accepted == 1);
    }

    [Fact]
    public async Task Fault_Duplicate_ArrivesTwice()
    {
        await SubscribeAsync();
        await _emulator.SetFaultsAsync(new { notifications = new { duplicate = 1 } });

        await _emulator.PinAsync(_people[0], "Away", "Away");

        await SettleAsync(() => Totals.Accepted == 2);
    }

    [Fact]
    public async Task Fault_Lose_NeverArrives()
    {
        await SubscribeAsync();
        await _emulator.SetFaultsAsync(new { notifications = new { lose = 1 } });

        await _emulator.PinAsync(_people[0], "Away", "Away");

        Assert.Equal((1, 1, 0), (Totals.Queued, Totals.Lost, Totals.Posts));
    }

    [Fact]
    public async Task Fault_Delay_ArrivesHoursLater()
    {
        await SubscribeAsync();
        await _emulator.SetFaultsAsync(new { notifications = new { delay = 1, delayUpTo = "04:00:00" } });

        for (var person = 0; person < 12; person++)
        {
            await _emulator.PinAsync(_people[person], "Away", "Away");
        }

        // That one of twelve delays drawn from four hours is below a second happens once in a thousand runs, all twelve
        // never.
        await _time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(100), () =>
            _time.GetUtcNow() > TestClock.Start.AddSeconds(1)
        );
        Assert.True(Totals.Posts < 12);
        _time.Advance(TimeSpan.FromHours(4));
        await SettleAsync(() => Totals.Accepted == 12, TimeSpan.Zero);
    }

    [Fact]
    public async Task Fault_Reorder_ArrivesInAnotherOrder()
    {
        await SubscribeAsync();
        _emulator.Options.NotificationBatchSize = 1;
        await _emulator.SetFaultsAsync(new { notifications = new { reorder = 1 } });

        foreach (var person in _people)
        {
            await _emulator.PinAsync(person, "Away", "Away");
        }

        await SettleAsync(() => Totals.Accepted == _people.Count, TimeSpan.FromMilliseconds(50));
        var order = new List<string>();
        while (_listener.TryNext(out var body))
        {
            order.Add((string)JsonNode.Parse(body!)!["value"]![0]!["resourceData"]!["id"]!);
        }

        Assert.NotEqual(_people, order);
        Assert.Equal(_people.Order(), order.Order());
    }

    [Fact]
    public async Task Token_Revoked_HoldsNotificationsUntilRenewal()
    {
        var account = _emulator.Server.ServiceAccountId;
        var id = await SubscribeAsync(account);
        await _emulator.Http.PostAsync($"emulator/accounts/{account}/revoke", null);

        await _emulator.PinAsync(_people[0], "Away", "Away");
        Assert.Equal((1, 0), (Totals.Held, Totals.Posts));
        await _emulator.SendAsync(
            HttpMethod.Patch,
            $"v1.0/subscriptions/{id}",
            await _emulator.UserTokenAsync(account),
            new { expirationDateTime = _time.GetUtcNow().AddMinutes(55) }
        );

        await SettleAsync(() => Totals.Accepted == 1);
    }

    [Fact]
    public async Task Lifecycle_NearTheEnd_AsksToReauthorizeOnce()
    {
        var wanted = EmulatorFixture.Wanted(_listener.Url, _people, _time.GetUtcNow().AddMinutes(50));
        wanted["lifecycleNotificationUrl"] = _listener.Url;
        var id = await _emulator.SubscribeAsync(await _emulator.UserTokenAsync(), wanted);

        _time.Advance(TimeSpan.FromMinutes(34));
        Assert.Equal(0, Totals.Reminders);
        await _time.AdvanceUntilAsync(Step, () => Totals.Reminders == 1);
        var item = Assert.Single(await NextAsync())!;

        Assert.Equal(
            ("reauthorizationRequired", id),
            ((string?)item["lifecycleEvent"], (string?)item["subscriptionId"])
        );
        Assert.Equal("state", (string?)item["clientState"]);
        Assert.False(item.AsObject().ContainsKey("resource") || item.AsObject().ContainsKey("changeType"));
    }

    [Fact]
    public async Task Switch_ReauthorizeNearRenewal_PausesUntilTheNextRenewal()
    {
        _emulator.Options.Switches.ReauthorizeNearRenewalBreaks = true;
        var id = await SubscribeAsync();
        var token = await _emulator.UserTokenAsync();
        var renewal = new { expirationDateTime = _time.GetUtcNow().AddMinutes(55) };
        await _emulator.SendAsync(HttpMethod.Patch, $"v1.0/subscriptions/{id}", token, renewal);
        await _emulator.SendAsync(HttpMethod.Post, $"v1.0/subscriptions/{id}/reauthorize", token);

        await _emulator.PinAsync(_people[0], "Away", "Away");
        Assert.Equal(1, Totals.Held);
        _time.Advance(TimeSpan.FromMinutes(10));
        await _emulator.SendAsync(HttpMethod.Patch, $"v1.0/subscriptions/{id}", token, renewal);

        await SettleAsync(() => Totals.Accepted == 1);
    }

    [Fact]
    public async Task Simulation_RunningCompany_IsToldOf()
    {
        var options = EmulatorFixture.Still();
        options.ChangePeriod = TimeSpan.FromSeconds(1);
        await using var emulator = await EmulatorFixture.StartAsync(options, _time);
        await emulator.SubscribeAsync(
            await emulator.UserTokenAsync(),
            EmulatorFixture.Wanted(_listener.Url, await emulator.PeopleAsync(), _time.GetUtcNow().AddMinutes(50))
        );

        var counts = emulator.Server.Services.GetRequiredService<NotificationCounts>();
        await _time.AdvanceUntilAsync(
            Step,
            () => counts.Read().Accepted > 30,
            isBusy: () => counts.Read().PostsUnderWay > 0
        );
    }

    private NotificationTotals Totals => _emulator.Server.Services.GetRequiredService<NotificationCounts>().Read();

    /// <summary>Moves the clock on, but not while a post is under way: on a busy machine that would make it
    /// late.</summary>
    private Task SettleAsync(Func<bool> happened, TimeSpan? step = null) =>
        _time.AdvanceUntilAsync(step ?? Step, happened, isBusy: () => Totals.PostsUnderWay > 0);

    private async Task<string> SubscribeAsync(string? account = null) =>
        await _emulator.SubscribeAsync(
            await _emulator.UserTokenAsync(account),
            EmulatorFixture.Wanted(_listener.Url, _people, _time.GetUtcNow().AddMinutes(50))
        );

    private async Task<JsonArray> NextAsync()
    {
        string? body = null;
        await SettleAsync(() => _listener.TryNext(out body));
        return JsonNode.Parse(body!)!["value"]!.AsArray();
    }
}
