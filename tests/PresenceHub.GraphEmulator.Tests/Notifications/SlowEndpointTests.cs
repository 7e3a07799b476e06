namespace PresenceHub.GraphEmulator.Tests.Notifications;

/// <summary>Endpoints that do not answer in time.</summary>
[Trait("Category", "Functional")]
public sealed class SlowEndpointTests : IAsyncLifetime
{
    private DeliveryHost _host = null!;

    public async Task InitializeAsync() => _host = await DeliveryHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Post_NoAnswerInTime_IsSlowAndNotRetried()
    {
        await _host.SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _host.Listener.Answer = () => never.Task;

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.Time.AdvanceUntilAsync(DeliveryHost.Step, () => _host.Totals.SlowPosts == 1);
        never.SetResult(202);
        await _host.Time.AdvanceUntilAsync(DeliveryHost.Step, () => _host.Totals.Dropped == 1);

        Assert.Equal(1, _host.Totals.Posts);
    }

    [Fact]
    public async Task Switch_RetryAfterNoAnswer_Retries()
    {
        _host.Emulator.Options.Switches.RetryAfterNoAnswer = true;
        await _host.SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _host.Listener.Answer = () => never.Task;

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.Time.AdvanceUntilAsync(DeliveryHost.Step, () => _host.Totals.SlowPosts == 1);
        never.SetResult(202);

        await _host.SettleAsync(() => _host.Totals.Accepted == 1);
    }

    [Fact]
    public async Task Switch_NoPunishment_KeepsPostingToSlowEndpoints()
    {
        _host.Emulator.Options.Switches.PunishSlowEndpoints = false;
        _host.Emulator.Options.Limits.SlowEndpointMinimumAnswers = 1;
        await _host.SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _host.Listener.Answer = () => never.Task;
        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.Time.AdvanceUntilAsync(DeliveryHost.Step, () => _host.Totals.Dropped == 1);
        never.SetResult(202);

        await _host.Emulator.PinAsync(_host.People[1], "Away", "Away");

        await _host.SettleAsync(() => _host.Totals.Accepted == 1);
    }

    [Fact]
    public async Task Endpoint_TooOftenSlow_LosesNotificationsForTenMinutes()
    {
        _host.Emulator.Options.Limits.SlowEndpointMinimumAnswers = 1;
        await _host.SubscribeAsync();
        var never = new TaskCompletionSource<int>();
        _host.Listener.Answer = () => never.Task;
        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        await _host.Time.AdvanceUntilAsync(DeliveryHost.Step, () => _host.Totals.Dropped == 1);
        never.SetResult(202);

        await _host.Emulator.PinAsync(_host.People[1], "Away", "Away");
        Assert.Equal(2, _host.Totals.Dropped);
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.Emulator.PinAsync(_host.People[2], "Away", "Away");
        await _host.SettleAsync(() => _host.Totals.Accepted == 1);
    }
}
