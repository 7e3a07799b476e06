namespace PresenceHub.GraphEmulator.Tests.Notifications;

/// <summary>Notifications while a subscription needs to be reauthorized.</summary>
[Trait("Category", "Functional")]
public sealed class ReauthorizationTests : IAsyncLifetime
{
    private DeliveryHost _host = null!;

    public async Task InitializeAsync() => _host = await DeliveryHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Token_Revoked_HoldsNotificationsUntilRenewal()
    {
        var account = _host.Emulator.Server.ServiceAccountId;
        var id = await _host.SubscribeAsync(account);
        await _host.Emulator.Http.PostAsync($"emulator/accounts/{account}/revoke", null);

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        Assert.Equal((1, 0), (_host.Totals.Held, _host.Totals.Posts));
        await _host.Emulator.SendAsync(
            HttpMethod.Patch,
            $"v1.0/subscriptions/{id}",
            await _host.Emulator.UserTokenAsync(account),
            new { expirationDateTime = _host.Time.GetUtcNow().AddMinutes(55) }
        );

        await _host.SettleAsync(() => _host.Totals.Accepted == 1);
    }

    [Fact]
    public async Task Lifecycle_NearTheEnd_AsksToReauthorizeOnce()
    {
        var wanted = EmulatorFixture.Wanted(_host.Listener.Url, _host.People, _host.Time.GetUtcNow().AddMinutes(50));
        wanted["lifecycleNotificationUrl"] = _host.Listener.Url;
        var id = await _host.Emulator.SubscribeAsync(await _host.Emulator.UserTokenAsync(), wanted);

        _host.Time.Advance(TimeSpan.FromMinutes(34));
        Assert.Equal(0, _host.Totals.Reminders);
        await _host.Time.AdvanceUntilAsync(DeliveryHost.Step, () => _host.Totals.Reminders == 1);
        var item = Assert.Single(await _host.NextAsync())!;

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
        _host.Emulator.Options.Switches.ReauthorizeNearRenewalBreaks = true;
        var id = await _host.SubscribeAsync();
        var token = await _host.Emulator.UserTokenAsync();
        var renewal = new { expirationDateTime = _host.Time.GetUtcNow().AddMinutes(55) };
        await _host.Emulator.SendAsync(HttpMethod.Patch, $"v1.0/subscriptions/{id}", token, renewal);
        await _host.Emulator.SendAsync(HttpMethod.Post, $"v1.0/subscriptions/{id}/reauthorize", token);

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");
        Assert.Equal(1, _host.Totals.Held);
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.Emulator.SendAsync(HttpMethod.Patch, $"v1.0/subscriptions/{id}", token, renewal);

        await _host.SettleAsync(() => _host.Totals.Accepted == 1);
    }
}
