using System.Text.Json.Nodes;

namespace PresenceHub.GraphEmulator.Tests.Notifications;

/// <summary>Lost, repeated, late and reordered notifications.</summary>
[Trait("Category", "Functional")]
public sealed class NotificationFaultTests : IAsyncLifetime
{
    private DeliveryHost _host = null!;

    public async Task InitializeAsync() => _host = await DeliveryHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Fault_Duplicate_ArrivesTwice()
    {
        await _host.SubscribeAsync();
        await _host.Emulator.SetFaultsAsync(new { notifications = new { duplicate = 1 } });

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");

        await _host.SettleAsync(() => _host.Totals.Accepted == 2);
    }

    [Fact]
    public async Task Fault_Lose_NeverArrives()
    {
        await _host.SubscribeAsync();
        await _host.Emulator.SetFaultsAsync(new { notifications = new { lose = 1 } });

        await _host.Emulator.PinAsync(_host.People[0], "Away", "Away");

        Assert.Equal((1, 1, 0), (_host.Totals.Queued, _host.Totals.Lost, _host.Totals.Posts));
    }

    [Fact]
    public async Task Fault_Delay_ArrivesHoursLater()
    {
        await _host.SubscribeAsync();
        await _host.Emulator.SetFaultsAsync(new { notifications = new { delay = 1, delayUpTo = "04:00:00" } });

        for (var person = 0; person < 12; person++)
        {
            await _host.Emulator.PinAsync(_host.People[person], "Away", "Away");
        }

        // One of twelve delays of up to four hours is shorter than a second once in a thousand runs; all twelve never
        // are.
        await _host.Time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(100), () =>
            _host.Time.GetUtcNow() > TestClock.Start.AddSeconds(1)
        );
        Assert.True(_host.Totals.Posts < 12);
        _host.Time.Advance(TimeSpan.FromHours(4));
        await _host.SettleAsync(() => _host.Totals.Accepted == 12, TimeSpan.Zero);
    }

    [Fact]
    public async Task Fault_Reorder_ArrivesInAnotherOrder()
    {
        await _host.SubscribeAsync();
        _host.Emulator.Options.NotificationBatchSize = 1;
        await _host.Emulator.SetFaultsAsync(new { notifications = new { reorder = 1 } });

        foreach (var person in _host.People)
        {
            await _host.Emulator.PinAsync(person, "Away", "Away");
        }

        await _host.SettleAsync(() => _host.Totals.Accepted == _host.People.Count, TimeSpan.FromMilliseconds(50));
        var order = new List<string>();
        while (_host.Listener.TryNext(out var body))
        {
            order.Add((string)JsonNode.Parse(body!)!["value"]![0]!["resourceData"]!["id"]!);
        }

        Assert.NotEqual(_host.People, order);
        Assert.Equal(_host.People.Order(), order.Order());
    }
}
