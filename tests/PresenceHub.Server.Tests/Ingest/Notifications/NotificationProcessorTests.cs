using PresenceHub.Server.Ingest.Graph;
using PresenceHub.Server.Ingest.Subscriptions;
using PresenceHub.Server.Store;
using static PresenceHub.Server.Tests.Ingest.Notifications.NotificationProcessorHost;

namespace PresenceHub.Server.Tests.Ingest.Notifications;

/// <summary>Authentic notifications of the documented shape.</summary>
[Trait("Category", "Functional")]
public sealed class NotificationProcessorTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly NotificationProcessorHost _host = new(redis);

    public Task InitializeAsync() => _host.InitializeAsync();

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task ProcessAsync_ItemWithoutData_RefreshesTheSubject() =>
        Assert.Equal([One], await _host.RefreshesOfAsync(Item(One)));

    [Fact]
    public async Task ProcessAsync_PayloadWithASequenceNumber_IsApplied()
    {
        Assert.Empty(await _host.RefreshesOfAsync(Rich(One)));
        Assert.Equal("Busy", (await _host.ReadAsync(One))!.Availability);
    }

    [Fact]
    public async Task ProcessAsync_PayloadWithoutASequenceNumber_RefreshesTheSubject()
    {
        Assert.Equal([One], await _host.RefreshesOfAsync(Rich(One, sequenceNumber: null)));
        Assert.Null(await _host.ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_TrustedPayloadWithoutASequenceNumber_IsApplied()
    {
        Assert.Empty(await _host.RefreshesOfAsync(Rich(One, sequenceNumber: null), PayloadTrust.Always));
        Assert.NotNull(await _host.ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_StoreCannotOrderThePayload_RefreshesTheSubject()
    {
        await _host.Store.ApplyAsync(
            [new Observation(One, "Away", "Away", null, _host.Clock.Now, ObservationSource.Poll)],
            CancellationToken.None
        );
        Assert.Equal([One], await _host.RefreshesOfAsync(Rich(One)));
        Assert.Equal("Away", (await _host.ReadAsync(One))!.Availability);
    }

    [Fact]
    public async Task ProcessAsync_ManyItemsOfASubject_RefreshItOnce() =>
        Assert.Equal([One, Two], await _host.RefreshesOfAsync([Item(One), Item(Two), Item(One)]));

    [Fact]
    public async Task ProcessAsync_RefreshOnly_DecryptsNothingAndRefreshesTheSubject()
    {
        Assert.Equal([One], await _host.RefreshesOfAsync([Rich(One)], refreshOnly: true));
        Assert.Null(await _host.ReadAsync(One));
    }

    [Fact]
    public async Task ProcessAsync_ManyPayloads_AreAllApplied()
    {
        var items = Enumerable
            .Range(1, 40)
            .SelectMany(number => new[] { Rich(One, $"A{number:d10}"), Rich(Two, $"A{number:d10}", "Away") });
        Assert.Empty(await _host.RefreshesOfAsync([.. items]));
        Assert.Equal(
            ("Busy", "A0000000040"),
            ((await _host.ReadAsync(One))!.Availability, await _host.SequenceNumberOfAsync(One))
        );
        Assert.Equal(
            ("Away", "A0000000040"),
            ((await _host.ReadAsync(Two))!.Availability, await _host.SequenceNumberOfAsync(Two))
        );
    }

    [Theory]
    [InlineData("reauthorizationRequired", "ReauthorizationRequired")]
    [InlineData("subscriptionRemoved", "SubscriptionRemoved")]
    [InlineData("missed", "Missed")]
    public async Task ProcessAsync_LifecycleEvent_IsPublishedToTheLeader(string name, string published)
    {
        var notices = new TaskCompletionSource<LifecycleNotice>();
        await _host.Lifecycle.SubscribeAsync(notice => notices.TrySetResult(notice));
        await _host.RefreshesOfAsync([
            Item(One) with
            {
                LifecycleEvent = name,
                ClientState = "forged",
            },
            Item(One) with
            {
                LifecycleEvent = "7",
            },
            Item(One) with
            {
                LifecycleEvent = "deleted",
            },
            Item(One) with
            {
                LifecycleEvent = name,
            },
        ]);
        var notice = await notices.Task.WaitAsync(IngestHost.Patience);
        Assert.Equal((Subscription, published), (notice.SubscriptionId, notice.Event.ToString()));
    }
}
