using Microsoft.Extensions.DependencyInjection;
using PresenceHub.GraphEmulator.Notifications;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

/// <summary>The delivery of notifications, and retries after a refusal.</summary>
[Trait("Category", "Functional")]
public sealed class DeliveryTests : IAsyncLifetime
{
    private DeliveryHost _host = null!;

    public async Task InitializeAsync() => _host = await DeliveryHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Change_SeveralSubscriptionsWithOneUrl_ShareThePost()
    {
        await _host.SubscribeAsync();
        await _host.SubscribeAsync(_host.Emulator.Server.ServiceAccountIds[1]);

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.Emulator.PinAsync(_host.People[1], "Away", "Away");
        var items = await _host.NextAsync();

        Assert.Equal(4, items.Count);
        Assert.Equal(2, items.Select(item => (string?)item!["subscriptionId"]).Distinct().Count());
    }

    [Fact]
    public async Task Change_SamePresenceAgain_IsNotNotified()
    {
        await _host.SubscribeAsync();

        await _host.Emulator.PinAsync(_host.People[0], "Offline", "OffWork");

        Assert.Equal(0, _host.Totals.Queued);
    }

    [Fact]
    public async Task Post_Refused_IsRetriedUntilAccepted()
    {
        await _host.SubscribeAsync();
        var answers = 0;
        _host.Listener.Answer = () => Task.FromResult(Interlocked.Increment(ref answers) < 4 ? 503 : 202);

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.SettleAsync(() => _host.Totals.Accepted == 1);

        Assert.Equal((4, 3), (_host.Totals.Posts, _host.Totals.RefusedPosts));
        var bodies = new[] { await _host.Listener.NextAsync(), await _host.Listener.NextAsync() };
        Assert.Equal(bodies[0], bodies[1]);
    }

    [Fact]
    public async Task Post_RefusedForFourHours_IsDropped()
    {
        await _host.SubscribeAsync();
        _host.Listener.Answer = () => Task.FromResult(500);
        var start = _host.Time.GetUtcNow();

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.SettleAsync(() => _host.Totals.Dropped == 1, TimeSpan.FromMinutes(2));

        Assert.InRange(_host.Time.GetUtcNow() - start, TimeSpan.FromHours(3.5), TimeSpan.FromHours(8));
        Assert.True(_host.Totals.RefusedPosts > 10);
    }

    [Fact]
    public async Task Simulation_RunningCompany_IsNotified()
    {
        var options = EmulatorFixture.Still();
        options.ChangePeriod = TimeSpan.FromSeconds(1);
        await using var emulator = await EmulatorFixture.StartAsync(options, _host.Time);
        await emulator.SubscribeAsync(
            await emulator.UserTokenAsync(),
            EmulatorFixture.Wanted(
                _host.Listener.Url,
                await emulator.PeopleAsync(),
                _host.Time.GetUtcNow().AddMinutes(50)
            )
        );

        var counts = emulator.Server.Services.GetRequiredService<NotificationCounts>();
        await _host.Time.AdvanceUntilAsync(
            DeliveryHost.Step,
            () => counts.Read().Accepted > 30,
            isBusy: () => counts.Read().PostsUnderWay > 0
        );
    }
}
